/** Stage 1: how it went; and of a failure the two keyframes, the subtask and the type. */

import { messages } from "@/shared/messages";
import { Button, Choice, TextArea } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { type FailureEvent, OUTCOMES, type Side, SIDES } from "../document";
import { setEventField, setKeyframe, setNote, setOutcome } from "../edits";
import { inSeconds } from "../position";
import { useWorkspace } from "../workspace";
import { EventBar } from "./EventBar";

const text = messages.diagnose;

function OutcomeChoice() {
  const workspace = useWorkspace();
  return (
    <Choice
      label={text.outcome}
      field="outcome"
      value={workspace.document.value.outcome}
      options={OUTCOMES.map((value) => ({ value, label: text.outcomes[value], keys: keyOfCommand(`outcome.${value}`) }))}
      disabled={!workspace.editable.value}
      onChoose={(outcome) => setOutcome(workspace, outcome)}
    />
  );
}

function Keyframe({ side }: { side: Side }) {
  const workspace = useWorkspace();
  const { position, editable } = workspace;
  const frame = workspace.event.value?.[side].frame ?? null;
  return (
    <div class={`keyframe ${side}`}>
      <b>{messages.sides[side]}</b>
      <span class="num" data-testid={`${side}-frame`}>
        {frame === null ? text.notSet : messages.frame.badge(frame, inSeconds(position.secondsOf(frame)))}
      </span>
      <small>{text.keyframeHint[side]}</small>
      <div class="seg">
        <Button
          field={`${side}-frame`}
          keys={keyOfCommand(`keyframe.set.${side}`)}
          disabled={!editable.value}
          onClick={() => setKeyframe(workspace, side)}
        >
          {text.set[side]}
        </Button>
        {frame !== null && <Button onClick={() => position.go(frame)}>{text.go[side]}</Button>}
      </div>
    </div>
  );
}

const outOfOrder = ({ avoidance, correction }: FailureEvent): boolean =>
  avoidance.frame !== null && correction.frame !== null && correction.frame <= avoidance.frame;

function Keyframes({ event }: { event: FailureEvent }) {
  return (
    <div>
      <h3>{text.keyframes}</h3>
      {SIDES.map((side) => (
        <Keyframe key={side} side={side} />
      ))}
      {outOfOrder(event) && <p class="hint">{text.order}</p>}
    </div>
  );
}

function SubtaskChoice({ event }: { event: FailureEvent }) {
  const workspace = useWorkspace();
  const { subtasks } = workspace.episode.task;
  if (subtasks.length === 0) return <p class="muted">{text.noSubtasks}</p>;
  return (
    <Choice
      label={text.subtask}
      field="subtask"
      value={event.subtask}
      options={subtasks.map((subtask, i) => ({ value: i + 1, label: `${i + 1} ${subtask}` }))}
      disabled={!workspace.editable.value}
      onChoose={(subtask) => setEventField(workspace, "subtask", subtask)}
    />
  );
}

function TypeChoice({ event }: { event: FailureEvent }) {
  const workspace = useWorkspace();
  const types = workspace.annotation.value.taxonomy.failure_types;
  return (
    <Choice
      label={text.type}
      field="failure_type"
      value={event.failure_type}
      options={types.map(({ id, label }) => ({ value: id, label }))}
      disabled={!workspace.editable.value}
      onChoose={(type) => setEventField(workspace, "failure_type", type)}
    />
  );
}

function Failure() {
  const event = useWorkspace().event.value;
  return (
    <>
      <EventBar />
      {event && (
        <>
          <Keyframes event={event} />
          <SubtaskChoice event={event} />
          <TypeChoice event={event} />
        </>
      )}
    </>
  );
}

function Unclear() {
  const workspace = useWorkspace();
  return (
    <TextArea
      label={text.note}
      hint={text.cannotTell}
      field="note"
      value={workspace.document.value.note}
      disabled={!workspace.editable.value}
      onInput={(note) => setNote(workspace, note)}
    />
  );
}

export function Diagnose() {
  const { outcome } = useWorkspace().document.value;
  return (
    <>
      <OutcomeChoice />
      {outcome === "successful" && <p class="muted">{text.enough}</p>}
      {outcome === "cannot_tell" && <Unclear />}
      {outcome === "failed" && <Failure />}
    </>
  );
}
