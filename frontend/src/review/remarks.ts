/** What a reviewer says on the way to a verdict: comments pinned to a frame or a field, and a word on each field. */

import { computed, signal } from "@preact/signals";
import type { Path } from "@/shared/types";

/** What a comment is pinned to; neither for the whole. */
export interface Pin {
  path: Path | null;
  frame: number | null;
}

export interface Remark extends Pin {
  text: string;
}

export type Mark = "right" | "wrong";

export const isAt = (remark: Pin, pin: Pin): boolean =>
  remark.frame === pin.frame && remark.path?.join("/") === pin.path?.join("/");

export class Remarks {
  readonly written = signal<readonly Remark[]>([]);
  /** By the field's key. */
  readonly marks = signal<Readonly<Record<string, Mark>>>({});
  readonly wrong = computed(() => Object.keys(this.marks.value).filter((key) => this.marks.value[key] === "wrong"));
  readonly any = computed(() => this.written.value.length > 0 || this.wrong.value.length > 0);

  add(remark: Remark): void {
    if (remark.text.trim() !== "") this.written.value = [...this.written.value, { ...remark, text: remark.text.trim() }];
  }

  remove(remark: Remark): void {
    this.written.value = this.written.value.filter((other) => other !== remark);
  }

  /** The same again takes it back. */
  mark(key: string, mark: Mark): void {
    const { [key]: before, ...others } = this.marks.value;
    this.marks.value = before === mark ? others : { ...others, [key]: mark };
  }

  clear(): void {
    this.written.value = [];
    this.marks.value = {};
  }
}
