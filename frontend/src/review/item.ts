/** One annotation under review: what is said in it, and its pictures. */

import { computed, signal } from "@preact/signals";
import { View } from "@/annotate/canvas/view";
import { type FailureEvent, type Side, SIDES } from "@/annotate/document";
import { capacityFor, Frames } from "@/annotate/frames";
import { contradictions, type Scene } from "@/annotate/hints";
import { Position } from "@/annotate/position";
import { Times } from "@/annotate/times";
import type { Api } from "@/shared/api";
import type { Annotation, Camera, Comment, Draft, Episode, FieldVerdict, FrameIndex, Project, Verdict } from "@/shared/types";
import { stillsAt } from "./pictures";
import { Remarks } from "./remarks";

export interface Loaded {
  annotation: Annotation;
  episode: Episode;
  index: FrameIndex;
  verdicts: Verdict[];
  drafts: Draft[];
  comments: Comment[];
  marks: FieldVerdict[];
}

/** Everything that the page shows of an annotation, asked for at once where it can be. */
export async function loadItem(api: Api, id: number): Promise<Loaded> {
  const about = `annotations/${id}`;
  const [annotation, verdicts, drafts, comments, marks] = await Promise.all([
    api.get<Annotation>(`${about}/`),
    api.get<Verdict[]>(`${about}/verdicts/`),
    api.get<Draft[]>(`${about}/drafts/`),
    api.get<Comment[]>(`${about}/comments/`),
    api.get<FieldVerdict[]>(`${about}/field-verdicts/`),
  ]);
  const episode = await api.get<Episode>(`episodes/${annotation.episode}/`);
  const index = await api.get<FrameIndex>(`episodes/${episode.id}/cameras/${headOf(episode).name}/index/`);
  return { annotation, episode, index, verdicts, drafts, comments, marks };
}

export function headOf({ id, cameras }: Episode): Camera {
  const head = cameras.find(({ is_head }) => is_head);
  if (!head) throw new Error(`Episode ${id} has no head camera.`);
  return head;
}

export class Item {
  readonly annotation: Annotation;
  readonly episode: Episode;
  readonly verdicts: readonly Verdict[];
  readonly drafts: readonly Draft[];
  readonly head: Camera;
  readonly frames: Frames;
  readonly position: Position;
  readonly view: View;
  readonly remarks: Remarks;
  readonly eventId = signal<string | null>(null);
  readonly side = signal<Side>("avoidance");
  readonly event = computed<FailureEvent | null>(() => {
    const { events, outcome } = this.annotation.document;
    if (outcome !== "failed") return null;
    return events.find(({ id }) => id === this.eventId.value) ?? events[0] ?? null;
  });
  /** The keyframe that the page stands on, if it does on one. */
  readonly sideHere = computed<Side | null>(() => {
    const sides = [this.side.value, ...SIDES.filter((side) => side !== this.side.value)];
    return sides.find((side) => this.event.value?.[side].frame === this.position.number.value) ?? null;
  });

  constructor(
    { annotation, episode, index, verdicts, drafts, comments, marks }: Loaded,
    private readonly project: Project,
    api: Api,
    user: string,
  ) {
    const subject = { annotation: annotation.id, revision: annotation.revision, user };
    this.remarks = new Remarks(api, subject, comments, marks);
    this.annotation = annotation;
    this.episode = episode;
    this.verdicts = verdicts;
    this.drafts = drafts;
    this.head = headOf(episode);
    const samples = this.head.samples ?? [];
    this.frames = new Frames(samples, stillsAt(api, `episodes/${episode.id}/cameras/${this.head.name}`), capacityFor(this.head));
    this.position = new Position(this.head.frame_count, this.stops(samples.map(({ number }) => number)), new Times(index));
    this.view = new View({ width: this.head.width, height: this.head.height });
  }

  /** What the arrows step through: the samples, and the keyframes between them. */
  private stops(samples: readonly number[]): number[] {
    const keyframes = this.annotation.document.events.flatMap((event) => SIDES.map((side) => event[side].frame));
    return [...new Set([...samples, ...keyframes.filter((frame) => frame !== null)])].sort((a, b) => a - b);
  }

  /** Fetch the pictures ahead: the keyframes before everything else. */
  preload(): Promise<void> {
    const { event } = this;
    const keyframes = SIDES.map((side) => event.peek()?.[side].frame).filter((frame) => frame != null);
    return this.frames.preload([...keyframes, ...this.position.samples]);
  }

  openSide(side: Side): void {
    this.side.value = side;
    const frame = this.event.peek()?.[side].frame;
    if (frame != null) this.position.go(frame);
  }

  openEvent(id: string): void {
    this.eventId.value = id;
    this.openSide(this.side.peek());
  }

  nextEvent(): void {
    const { events } = this.annotation.document;
    const here = events.findIndex(({ id }) => id === this.event.peek()?.id);
    const next = events[(here + 1) % events.length];
    if (next) this.openEvent(next.id);
  }

  /** Where symbols and command of a keyframe contradict each other, in words. */
  against(side: Side): string[] {
    const guidance = this.event.value?.[side];
    if (!guidance) return [];
    const { arms, view } = this.project.embodiment;
    const { width, height } = this.head;
    const { symbols, command } = guidance;
    const scene: Scene = { symbols, command, arms, arm: arms[0] ?? "", view, size: { width, height } };
    return contradictions(scene).map(({ message }) => message);
  }

  /** The last draft that was made of a failure. */
  draftOf(event: string): Draft | undefined {
    return this.drafts.findLast((draft) => draft.event === event && draft.state === "ready");
  }
}
