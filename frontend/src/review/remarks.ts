/** What reviewers say of an annotation: comments pinned to a frame or a field, and a word on each field. Kept by the
 * server as they are said, so that nothing is lost with the page. */

import { computed, signal } from "@preact/signals";
import type { Api } from "@/shared/api";
import type { Comment, FieldVerdict, Mark, Path } from "@/shared/types";

/** What a comment is pinned to; neither for the whole. */
export interface Pin {
  path: Path | null;
  frame: number | null;
}

const pathOf = ({ path }: Pin): string => path?.join("/") ?? "";

export const isAt = (comment: Comment, pin: Pin): boolean => comment.frame === pin.frame && comment.path === pathOf(pin);

/** Whose page it is and what it is about. */
interface Subject {
  annotation: number;
  revision: number;
  user: string;
}

export class Remarks {
  readonly comments = signal<readonly Comment[]>([]);
  /** My own, on this revision, by the field's key. */
  readonly marks = signal<Readonly<Record<string, Mark>>>({});
  readonly wrong = computed(() => Object.keys(this.marks.value).filter((key) => this.marks.value[key] === "wrong"));
  /** My own that nobody has answered yet. */
  readonly mine = computed(() => this.comments.value.filter(({ by, resolved }) => by === this.subject.user && !resolved));

  constructor(
    private readonly api: Pick<Api, "post" | "delete">,
    private readonly subject: Subject,
    comments: readonly Comment[],
    verdicts: readonly FieldVerdict[],
  ) {
    this.comments.value = comments;
    this.takeMarks(verdicts);
  }

  private takeMarks(verdicts: readonly FieldVerdict[]): void {
    const { user, revision } = this.subject;
    const mine = verdicts.filter((verdict) => verdict.reviewer === user && verdict.revision === revision);
    this.marks.value = Object.fromEntries(mine.map(({ path, mark }) => [path, mark]));
  }

  async add(pin: Pin, text: string): Promise<void> {
    const body = { text, path: pathOf(pin), frame: pin.frame };
    const comment = await this.api.post<Comment>(`annotations/${this.subject.annotation}/comments/`, body);
    this.comments.value = [...this.comments.value, comment];
  }

  async remove({ id }: Comment): Promise<void> {
    await this.api.delete(`comments/${id}/`);
    this.comments.value = this.comments.value.filter((other) => other.id !== id);
  }

  /** The same again takes it back. */
  async mark(key: string, mark: Mark): Promise<void> {
    const { annotation, revision } = this.subject;
    const body = { path: key, revision, mark: this.marks.peek()[key] === mark ? "" : mark };
    this.takeMarks(await this.api.post<FieldVerdict[]>(`annotations/${annotation}/field-verdicts/`, body));
  }
}
