/** What the site's API sends: the shapes of `/api/v1/`, as the pages use them. */

import type { Document } from "@/annotate/document";
import type { View } from "@/symbols";

export type Role = "annotator" | "reviewer" | "operator" | "admin";

export interface Taxonomy {
  version: string;
  failure_types: { id: string; label: string; help?: string }[];
  magnitudes: string[];
  symbols: string[];
}

export interface Embodiment {
  arms: string[];
  cameras: string[];
  /** Which direction of the head camera's image is forward, left and up in the world. */
  view: View;
}

export interface Project {
  id: number;
  name: string;
  slug: string;
  role: Role;
  permissions: string[];
  taxonomy: Taxonomy;
  embodiment: Embodiment;
}

export interface TaskFields {
  name: string;
  description: string;
  subtasks: string[];
}

export interface Task extends TaskFields {
  id: number;
  episodes: number;
}

/** One frame as an immutable JPEG; `seconds` counts from the first frame. */
export interface Still {
  number: number;
  seconds: number;
  sha256: string;
  url: string;
}

export interface Camera {
  name: string;
  is_head: boolean;
  width: number;
  height: number;
  fps: number;
  frame_count: number;
  duration: number;
  codec: string;
  thumbnail: string | null;
  proxy: string | null;
  /** Only in the detail form of an episode. */
  samples?: Still[];
}

export type EpisodeState = "uploaded" | "ingesting" | "ready" | "rejected" | "withdrawn";
export type AnnotationState = "open" | "submitted" | "in_review" | "approved" | "sent_back";

export interface Episode {
  id: number;
  project: number;
  task: { id: number; name: string; description: string; subtasks: string[] };
  number: number;
  stem: string;
  state: EpisodeState;
  /** The sentence that says why, when the state is `rejected`. */
  rejection: string;
  /** Of the ingest, 0 to 1. */
  progress: number;
  has_signals: boolean;
  cameras: Camera[];
  duplicate?: boolean;
}

/** What the robot measured and was told; `seconds` of each row from the head camera's first frame. */
export interface Signals {
  seconds: number[];
  columns: SignalColumn[];
}

export interface SignalColumn {
  name: string;
  unit: string;
  values: (number | null)[];
}

export interface EpisodePage {
  count: number;
  next: number | string | null;
  results: Episode[];
}

/** Frame n stands at `pts[n] * time_base[0] / time_base[1]` seconds. */
export interface FrameIndex {
  time_base: [number, number];
  pts: number[];
}

export interface Upload {
  id: string;
  name: string;
  size: number;
  sha256: string;
}

export interface ImportPlan {
  recordings: { stem: string; cameras: Record<string, string> }[];
  problems: { name: string; message: string }[];
}

/** A step into a document: a key, or the place in a list. */
export type Path = (string | number)[];

export interface Problem {
  path: Path;
  message: string;
}

export interface Lease {
  holder: string;
  expires_at: string;
}

export interface Verdict {
  reviewer: string;
  decision: string;
  comment: string;
  created: string;
  revision: number;
}

/** One of a project's annotations, as far as the asker may see them. */
export interface AnnotationRow {
  id: number;
  episode: number;
  annotator: string;
  state: AnnotationState;
}

export interface Annotation extends AnnotationRow {
  project: number;
  revision: number;
  document: Document;
  problems: Problem[];
  lease: Lease | null;
  taxonomy: Taxonomy;
  editable: boolean;
}

/** Work handed out: which annotation, and where its page is. */
export interface Assignment {
  annotation: number;
  episode: number;
  lease: { expires_at: string } | null;
  url: string;
}

export type DraftState = "requested" | "streaming" | "ready" | "failed";

/** Texts for one failure; while it is `streaming` there are only the first of them, the last cut off. */
export interface Draft {
  id: number;
  event: string;
  state: DraftState;
  /** The adapter that made it. */
  provider: string;
  model: string;
  texts: { reason?: string; avoidance?: string; correction?: string };
  /** The sentence that says why, when the state is `failed`. */
  problem: string;
  note: string;
  /** What the person did with its texts before: taken or turned down. */
  uses: Record<string, boolean>;
}

export type Origin = "model" | "supervisor" | "simulator";

/** What something other than a person says of an episode's stages 1 and 2. */
export interface Proposal {
  id: number;
  origin: Origin;
  /** Which one: a model's name, a run. */
  source: string;
  document: Document;
  /** The paths of what is proposed, joined by `/`. */
  parts: string[];
  /** What was decided on each: accepted or not. */
  decided: Record<string, boolean>;
}

export interface Decided {
  accepted: boolean;
  /** It was wrong on purpose, to see whether people look. */
  was_wrong: boolean;
}
