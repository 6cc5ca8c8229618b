/** Everything the annotation page holds, and moving about in it. Changing the document is in `edits.ts`. */

import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "@/shared/api";
import type { Annotation, Camera, Comment, Draft, Episode, FrameIndex, Project, Proposal, Signals, Verdict } from "@/shared/types";
import { View } from "./canvas/view";
import type { DrawnSymbol, FailureEvent, Guidance, Side } from "./document";
import { Drawing, type SymbolStore } from "./drawing";
import { putSymbol, removeSymbol } from "./edits";
import { capacityFor, Frames, type FrameSource, type Shown } from "./frames";
import { History, scopesAt } from "./history";
import { followOutbox, type Keeping } from "./keeping";
import { stopsOf } from "./jump";
import { LeaseKeeper } from "./lease";
import { Outbox, type Saved, type Send } from "./outbox";
import { Position } from "./position";
import { locate, type Place, type Stage } from "./stages";
import { Times } from "./times";
import { Film, nearer } from "./video/film";
import { Playback } from "./video/playback";
import { openReader } from "./video/reader";
import { SideCamera, sideSource } from "./video/side";

export interface Loaded {
  annotation: Annotation;
  episode: Episode;
  project: Project;
  index: FrameIndex | null;
  verdicts: Verdict[];
  comments?: Comment[];
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
  /** What reviewers said, pinned to a frame or a field. */
  readonly comments: Signal<readonly Comment[]>;
  readonly head: Camera;
  readonly outbox: Outbox;
  readonly keeping: Keeping;
  readonly lease: LeaseKeeper;
  readonly frames: Frames;
  /** The head camera's proxy: what is seen between stills. */
  readonly film = new Film();
  readonly position: Position;
  readonly playback: Playback;
  /** The cameras beside the head camera. */
  readonly sides: readonly SideCamera[];
  /** What the robot measured, once it is here; null where the recording has none. */
  readonly signals = signal<Signals | null>(null);
  readonly drawing: Drawing;
  readonly view: View;
  readonly history = new History();
  readonly stage = signal<Stage>(1);
  readonly side = signal<Side>("avoidance");
  readonly submission = signal<Submission>({ state: "none" });
  readonly showProblems = signal(false);
  /** The field that a problem's link leads to, until it has the focus. */
  readonly target = signal<string | null>(null);
  readonly drafts = signal<Record<string, Draft>>({});
  /** Fields of drafts that were taken or turned down: `<draft>/<field>`. */
  readonly settled = signal<readonly string[]>([]);
  readonly drafting = { busy: signal(false), trouble: signal("") };
  /** What models and robots propose for stages 1 and 2, and what there is to say of the last one taken. */
  readonly proposals = signal<readonly Proposal[]>([]);
  readonly proposing = { busy: signal(false), trouble: signal("") };
  readonly help = signal(false);
  private stopSides = (): void => undefined;
  private readonly eventId = signal<string | null>(null);

  readonly document = computed(() => this.outbox.document.value);
  readonly problems = computed(() => this.outbox.confirmed.value.problems);
  readonly editable = computed(
    () =>
      this.annotation.value.editable && this.submission.value.state !== "sending" && this.keeping.tab.held.value,
  );
  /** The failure event at hand: the chosen one, else the first. */
  readonly event = computed<FailureEvent | null>(() => {
    const { events } = this.document.value;
    return events.find(({ id }) => id === this.eventId.value) ?? events[0] ?? null;
  });
  readonly guidance = computed<Guidance | null>(() => this.event.value?.[this.side.value] ?? null);
  /** The arm that the command's buttons are about: the one chosen on this keyframe, else the command's first. */
  readonly chosenArm = signal<string | null>(null);
  readonly arm = computed(
    () => this.chosenArm.value ?? this.guidance.value?.command?.arms[0]?.arm ?? this.project.embodiment.arms[0]!,
  );
  /** The side whose keyframe is the current frame; the chosen side where both are. */
  readonly sideHere = computed<Side | null>(() => {
    const sides: Side[] = this.side.value === "avoidance" ? ["avoidance", "correction"] : ["correction", "avoidance"];
    return sides.find((side) => this.event.value?.[side].frame === this.position.number.value) ?? null;
  });
  readonly symbolsHere = computed<readonly DrawnSymbol[]>(() => {
    const side = this.sideHere.value;
    return (side && this.event.value?.[side].symbols) || [];
  });
  /** What the canvas shows: the exact still, or until it is here what comes nearest to it. */
  readonly picture = computed<Shown | null>(() =>
    nearer(this.position.number.value, this.frames.shown.value, this.film.shown.value),
  );
  /** Drawing goes on the chosen keyframe's own still and nowhere else. */
  readonly canDraw = computed(
    () =>
      this.editable.value &&
      this.stage.value === 2 &&
      this.sideHere.value === this.side.value &&
      this.frames.shown.value?.number === this.position.number.value,
  );

  /** Whose steps undo and redo take. */
  readonly scopes = computed(() => scopesAt(this.stage.value, this.event.value?.id ?? null, this.side.value));

  constructor(
    { annotation, episode, project, index, verdicts, comments = [] }: Loaded,
    readonly api: Api,
    source: FrameSource,
    keeping: Keeping,
  ) {
    this.annotation = signal(annotation);
    this.episode = episode;
    this.project = project;
    this.verdicts = verdicts;
    this.comments = signal(comments);
    this.head = headOf(episode);
    const samples = this.head.samples ?? [];
    this.keeping = keeping;
    const send: Send = (base, operations) =>
      api.post<Saved>(`annotations/${annotation.id}/operations/`, { base, operations });
    this.outbox = new Outbox(annotation, send, keeping.kept);
    this.lease = new LeaseKeeper(api, episode.id);
    this.frames = new Frames(samples, source, capacityFor(this.head));
    this.view = new View({ width: this.head.width, height: this.head.height });
    this.position = new Position(this.head.frame_count, samples.map(({ number }) => number), index && new Times(index));
    this.playback = new Playback(this.position);
    this.sides = episode.cameras.filter((camera) => !camera.is_head).map((camera) => this.sideOf(camera));
    this.drawing = new Drawing(this.symbolStore());
  }

  /** Begin: send what was left behind, hold the lease, fetch the pictures, follow the position. Gives the function that ends it. */
  start(): () => void {
    const mine = this.editable.peek();
    const stopKeeping = mine ? followOutbox(this) : () => undefined;
    if (mine) {
      this.lease.start();
      void this.outbox.flush();
    }
    const stopFollowing = effect(() => this.follow(this.position.number.value, this.playback.playing.value));
    void this.fetch();
    return () => {
      stopFollowing();
      stopKeeping();
      this.playback.stop();
      this.stopSides();
      this.film.end();
      this.lease.stop();
    };
  }

  private follow(number: number, playing: boolean): void {
    if (playing) this.frames.glance(number);
    else void this.frames.show(number);
    this.film.want(number);
  }

  /** The stills first, for they are what is annotated. */
  private async fetch(): Promise<void> {
    await this.frames.preload();
    void this.frames.preload(stopsOf(this.document.peek()).map(({ frame }) => frame)); // work goes on offline
    if (this.episode.has_signals) void this.fetchSignals();
    this.film.begin(await openReader(this.head, this.position.times));
    const stops = this.sides.map((side) => side.start());
    this.stopSides = () => stops.forEach((stop) => stop());
  }

  /** The page does without them where they cannot be had: nothing is annotated on them. */
  private async fetchSignals(): Promise<void> {
    this.signals.value = await this.api.get<Signals>(`episodes/${this.episode.id}/signals/`).catch(() => null);
  }

  private sideOf(camera: Camera): SideCamera {
    const address = `episodes/${this.episode.id}/cameras/${camera.name}/index/`;
    const source = sideSource(camera, () => this.api.get<FrameIndex>(address));
    return new SideCamera(camera, () => this.position.seconds.value, source);
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
      this.chosenArm.value = null;
      this.drawing.leave();
      if (this.stage.value === 2) this.openSide(this.side.value);
    });
  }

  /** Choose a keyframe and go to its frame. */
  openSide(side: Side): void {
    batch(() => {
      if (this.side.peek() !== side) this.chosenArm.value = null;
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
