/** Everything the annotation page holds, and moving about in it. Changing the document is in `edits.ts`. */

import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "@/shared/api";
import type { Annotation, Camera, Draft, Episode, FrameIndex, Project, Verdict } from "@/shared/types";
import type { DrawnSymbol, FailureEvent, Guidance, Side } from "./document";
import { Drawing, type SymbolStore } from "./drawing";
import { putSymbol, removeSymbol } from "./edits";
import { capacityFor, Frames, type FrameSource } from "./frames";
import { LeaseKeeper } from "./lease";
import { Outbox, type Saved } from "./outbox";
import { Position } from "./position";
import { locate, type Place, type Stage } from "./stages";

export interface Loaded {
  annotation: Annotation;
  episode: Episode;
  project: Project;
  index: FrameIndex | null;
  verdicts: Verdict[];
}

export type Submission =
  | { state: "none" }
  | { state: "sending" }
  | { state: "refused"; message: string }
  | { state: "done" };

export class Workspace {
  readonly annotation: Signal<Annotation>;
  readonly episode: Episode;
  readonly project: Project;
  readonly verdicts: readonly Verdict[];
  readonly head: Camera;
  readonly outbox: Outbox;
  readonly lease: LeaseKeeper;
  readonly frames: Frames;
  readonly position: Position;
  readonly drawing: Drawing;
  readonly stage = signal<Stage>(1);
  readonly side = signal<Side>("avoidance");
  readonly submission = signal<Submission>({ state: "none" });
  readonly showProblems = signal(false);
  /** The field that a problem's link leads to, until it has the focus. */
  readonly target = signal<string | null>(null);
  readonly drafts = signal<Record<string, Draft>>({});
  readonly help = signal(false);
  private readonly eventId = signal<string | null>(null);

  readonly document = computed(() => this.outbox.document.value);
  readonly problems = computed(() => this.outbox.confirmed.value.problems);
  readonly editable = computed(
    () => this.annotation.value.editable && this.submission.value.state !== "sending",
  );
  /** The failure event at hand: the chosen one, else the first. */
  readonly event = computed<FailureEvent | null>(() => {
    const { events } = this.document.value;
    return events.find(({ id }) => id === this.eventId.value) ?? events[0] ?? null;
  });
  readonly guidance = computed<Guidance | null>(() => this.event.value?.[this.side.value] ?? null);
  /** The side whose keyframe is the current frame; the chosen side where both are. */
  readonly sideHere = computed<Side | null>(() => {
    const sides: Side[] = this.side.value === "avoidance" ? ["avoidance", "correction"] : ["correction", "avoidance"];
    return sides.find((side) => this.event.value?.[side].frame === this.position.number.value) ?? null;
  });
  readonly symbolsHere = computed<readonly DrawnSymbol[]>(() => {
    const side = this.sideHere.value;
    return (side && this.event.value?.[side].symbols) || [];
  });
  /** Drawing goes on the chosen keyframe's own still and nowhere else. */
  readonly canDraw = computed(
    () =>
      this.editable.value &&
      this.stage.value === 2 &&
      this.sideHere.value === this.side.value &&
      this.frames.shown.value?.number === this.position.number.value,
  );

  constructor(
    { annotation, episode, project, index, verdicts }: Loaded,
    readonly api: Api,
    source: FrameSource,
  ) {
    this.annotation = signal(annotation);
    this.episode = episode;
    this.project = project;
    this.verdicts = verdicts;
    this.head = headOf(episode);
    const samples = this.head.samples ?? [];
    this.outbox = new Outbox(annotation, (base, operations) =>
      api.post<Saved>(`annotations/${annotation.id}/operations/`, { base, operations }),
    );
    this.lease = new LeaseKeeper(api, episode.id);
    this.frames = new Frames(samples, source, capacityFor(this.head));
    this.position = new Position(this.head.frame_count, samples.map(({ number }) => number), index);
    this.drawing = new Drawing(this.symbolStore());
  }

  /** Begin: hold the lease, fetch the pictures, follow the position. Gives the function that ends it. */
  start(): () => void {
    if (this.annotation.value.editable) this.lease.start();
    const stopFollowing = effect(() => {
      const number = this.position.number.value;
      void this.frames.show(number);
    });
    void this.frames.preload();
    return () => {
      stopFollowing();
      this.lease.stop();
    };
  }

  openStage(stage: Stage): void {
    batch(() => {
      this.stage.value = stage;
      this.drawing.leave();
      if (stage === 2) this.openSide(this.side.value);
    });
  }

  openEvent(id: string): void {
    batch(() => {
      this.eventId.value = id;
      this.drawing.leave();
      if (this.stage.value === 2) this.openSide(this.side.value);
    });
  }

  /** Choose a keyframe and go to its frame. */
  openSide(side: Side): void {
    batch(() => {
      this.side.value = side;
      this.drawing.leave();
      const frame = this.guidance.value?.frame ?? null;
      if (frame !== null) this.position.go(frame);
    });
  }

  /** Go where something is missing and put the focus there. */
  goTo(path: Place["path"]): void {
    const place = locate(path, this.document.value);
    batch(() => {
      if (place.event) this.openEvent(place.event);
      if (place.side) this.side.value = place.side;
      this.openStage(place.stage);
      this.target.value = place.field;
    });
  }

  private symbolStore(): SymbolStore {
    return {
      size: { width: this.head.width, height: this.head.height },
      symbols: () => this.symbolsHere.value,
      put: (symbol) => putSymbol(this, symbol),
      remove: (id) => removeSymbol(this, id),
    };
  }
}

function headOf(episode: Episode): Camera {
  const head = episode.cameras.find((camera) => camera.is_head);
  if (!head) throw new Error(`Episode ${episode.id} has no head camera.`);
  return head;
}

export const WorkspaceContext = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error("There is no workspace around this component.");
  return workspace;
}
