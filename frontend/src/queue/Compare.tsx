/** Two annotations of one episode, field by field: take one whole, or each field from the one that is right. */

import { useSignal } from "@preact/signals";
import { messages } from "@/shared/messages";
import type { Comparison } from "@/shared/types";
import { Button } from "@/shared/ui";
import { type Command, commandText, type RawSymbol } from "@/symbols";
import type { Queue } from "./queue";

const text = messages.queue;

/** A field's value in words. */
function inWords(path: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return messages.review.notSaid;
  if (path.endsWith("command")) return commandText(value as Command);
  if (path.endsWith("symbols")) return text.symbols((value as RawSymbol[]).map(({ type }) => text.kinds[type] ?? type));
  return String(value);
}

/** `avoidance/command` as people say it. */
const nameOf = (path: string): string =>
  path
    .split("/")
    .map((step) => (step === "avoidance" || step === "correction" ? messages.sides[step] : (messages.places[step] ?? step)))
    .join(" · ");

type Field = Comparison["fields"][number];

interface RowProps {
  field: Field;
  people: Comparison["annotations"];
  taken: number;
  onTake: (annotation: number) => void;
}

const FieldRow = ({ field, people, taken, onTake }: RowProps) => (
  <tr>
    <th scope="row">{nameOf(field.path)}</th>
    {people.map(({ id, annotator }) => (
      <td key={id}>
        <label class="taken">
          <input
            type="radio"
            name={field.path}
            checked={taken === id}
            aria-label={text.takeFrom(nameOf(field.path), annotator)}
            onChange={() => onTake(id)}
          />{" "}
          {inWords(field.path, field.values[id])}
        </label>
      </td>
    ))}
  </tr>
);

export function Compare({ queue, comparison }: { queue: Queue; comparison: Comparison }) {
  const { annotations, fields } = comparison;
  const base = annotations[0]!;
  const take = useSignal<Record<string, number>>({});
  const differing = fields.filter(({ same }) => !same);
  return (
    <section class="compare" aria-label={text.compare}>
      <h2>{messages.project.episodeName(comparison.task, comparison.number)}</h2>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{text.field}</th>
            {annotations.map(({ id, annotator, revision }) => (
              <th key={id} scope="col">
                <a href={`/review/${id}/`}>{annotator}</a>{" "}
                <Button onClick={() => void queue.settle({ kind: "pick", annotation: id, revision })}>{text.pick}</Button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {differing.map((field) => (
            <FieldRow
              key={field.path}
              field={field}
              people={annotations}
              taken={take.value[field.path] ?? base.id}
              onTake={(id) => {
                take.value = { ...take.value, [field.path]: id };
              }}
            />
          ))}
        </tbody>
      </table>
      <p class="muted">{text.alike(fields.length - differing.length)}</p>
      <div class="seg">
        <Button
          primary
          onClick={() => void queue.settle({ kind: "merge", annotation: base.id, revision: base.revision, take: take.value })}
        >
          {text.merge}
        </Button>
        <Button
          onClick={() => {
            queue.comparison.value = null;
          }}
        >
          {messages.review.cancel}
        </Button>
      </div>
    </section>
  );
}
