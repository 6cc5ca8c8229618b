/** One thing that is judged: selected by click or arrow, right or wrong by a key, with the comments pinned to it. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Glyph } from "@/shared/ui";
import type { Field } from "./fields";
import { useItem } from "./page";
import { RemarksAt } from "./Remarks";

const text = messages.review;

function MarkSign({ field }: { field: Field }) {
  const mark = useItem().item.remarks.marks.value[field.key];
  if (!mark) return null;
  return (
    <span class={`mark ${mark}`}>
      <Glyph>{mark === "right" ? "✓" : "✗"}</Glyph> {text.marks[mark]}
    </span>
  );
}

export function FieldBox({ field, children }: { field: Field; children: ComponentChildren }) {
  const { page } = useItem();
  const box = useRef<HTMLDivElement>(null);
  const selected = page.selected.value === field.key && !page.atFrame.value;
  useEffect(() => {
    if (selected) box.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <div
      ref={box}
      class={`judged ${field.side ?? ""}`}
      role="group"
      aria-label={field.label}
      aria-current={selected ? "true" : undefined}
      data-field={field.key}
      tabIndex={-1}
      onPointerDown={() => page.select(field.key)}
      onFocus={() => page.select(field.key)}
    >
      <h3>
        <span>{field.label}</span>
        <MarkSign field={field} />
      </h3>
      {children}
      <RemarksAt pin={{ path: field.path, frame: null }} />
    </div>
  );
}
