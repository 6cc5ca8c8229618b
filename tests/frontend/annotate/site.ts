/** A workspace on a site in memory: it keeps the contract for operations, drafts and submission. */

import "fake-indexeddb/auto";
import { vi } from "vitest";
import { apply, type Document, emptyDocument, emptyEvent, type Operation } from "@/annotate/document";
import { openJournal } from "@/annotate/journal";
import { Tab } from "@/annotate/tabs";
import { Workspace } from "@/annotate/workspace";
import { type Api, ApiError } from "@/shared/api";
import { uuid } from "@/shared/uuid";
import type { Annotation, Decided, Draft, Episode, Problem, Project, Proposal, Still, Verdict } from "@/shared/types";

const SUBTASKS = ["Approach the eraser", "Grasp the eraser", "Place it in the bowl"];
const still = (number: number): Still => ({ number, seconds: number / 25, sha256: "", url: `/${number}.jpg` });

const TAXONOMY = {
  version: "paper",
  failure_types: [
    { id: "task_planning", label: "Task planning" },
    { id: "gripper_6d_pose", label: "Gripper 6D-pose" },
  ],
  magnitudes: ["slightly", "significantly"],
  symbols: [],
};

const EPISODE: Episode = {
  id: 7,
  project: 1,
  task: { id: 1, name: "place_two", description: "", subtasks: SUBTASKS },
  number: 17,
  stem: "",
  state: "ready",
  rejection: "",
  progress: 1,
  has_signals: false,
  cameras: [
    {
      name: "cam_high",
      is_head: true,
      width: 640,
      height: 480,
      fps: 25,
      frame_count: 101,
      duration: 4,
      codec: "h264",
      thumbnail: null,
      proxy: null,
      samples: [0, 25, 50, 75, 100].map(still),
    },
  ],
};

const PROJECT: Project = {
  id: 1,
  name: "Table-top",
  slug: "table-top",
  role: "annotator",
  permissions: ["annotate"],
  taxonomy: TAXONOMY,
  embodiment: { arms: ["left", "right"], cameras: ["cam_high"], view: { forward: "up", left: "left", up: "up" } },
};

/** A failure with both keyframes and nothing else. */
export function failedDocument(): Document {
  const event = emptyEvent("e1");
  event.avoidance.frame = 25;
  event.correction.frame = 60;
  return { ...emptyDocument(), outcome: "failed", events: [event] };
}

export class Site {
  revision = 1;
  problems: Problem[] = [];
  draft: Draft = {
    id: 1,
    event: "e1",
    state: "ready",
    provider: "template",
    model: "",
    problem: "",
    uses: {},
    texts: { reason: "drafted reason", avoidance: "drafted avoidance", correction: "drafted correction" },
    note: "Put together by a template: read it.",
  };
  drafts: Draft[] = [];
  proposals: Proposal[] = [];
  /** The parts that are wrong on purpose. */
  wrong: string[] = [];
  annotation: Annotation;

  constructor(document: Document = emptyDocument(), part: Partial<Annotation> = {}) {
    this.annotation = {
      id: 5,
      episode: 7,
      project: 1,
      annotator: "ada",
      state: "open",
      revision: 1,
      document,
      problems: [],
      lease: null,
      taxonomy: TAXONOMY,
      editable: true,
      ...part,
    };
  }

  get document(): Document {
    return this.annotation.document;
  }

  private operations({ operations }: { operations: Operation[] }) {
    this.annotation = { ...this.annotation, document: operations.reduce(apply, this.document) };
    this.revision += 1;
    const acknowledged = operations.map(({ id }) => id);
    return { revision: this.revision, acknowledged, document: this.document, problems: this.problems };
  }

  private submit() {
    if (this.problems.length > 0) {
      throw new ApiError("incomplete", "Things are missing.", { problems: this.problems }, 409);
    }
    return { ...this.annotation, state: "submitted", editable: false };
  }

  private decide({ part, accepted }: { part: string; accepted: boolean }): Decided {
    return { accepted, was_wrong: this.wrong.includes(part) };
  }

  get = vi.fn(async (path: string): Promise<unknown> => {
    if (path === "annotations/5/drafts/") return this.drafts;
    if (path === "annotations/5/proposals/") return this.proposals;
    throw new Error(`The site in memory has no ${path}.`);
  });

  post = vi.fn(async (path: string, body?: unknown): Promise<unknown> => {
    if (path === "annotations/5/operations/") return this.operations(body as { operations: Operation[] });
    if (path === "annotations/5/drafts/") return this.draft;
    if (path === "annotations/5/submit/") return this.submit();
    if (path === "annotations/5/decisions/") return this.decide(body as { part: string; accepted: boolean });
    if (/^drafts\/\d+\/uses\/$/.test(path)) return body;
    if (path === "projects/1/queue/next/") throw new ApiError("queue_empty", "Nothing.", {}, 404);
    throw new Error(`The site in memory has no ${path}.`);
  });

  /** A workspace on this site whose pictures are there at once. */
  async open(verdicts: Verdict[] = []): Promise<Workspace> {
    const loaded = { annotation: this.annotation, episode: EPISODE, project: PROJECT, index: null, verdicts };
    const source = { still: async (number: number) => still(number), picture: async () => ({}) as ImageBitmap };
    const keeping = { journal: await openJournal(uuid()), kept: null, tab: new Tab("", async () => undefined) };
    const workspace = new Workspace(loaded, { post: this.post, get: this.get } as unknown as Api, source, keeping);
    await workspace.frames.preload();
    return workspace;
  }
}
