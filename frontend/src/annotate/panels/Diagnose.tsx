/** Stage 1: how it went; and of a failure the two keyframes, the subtask and the type. */

import { messages } from "@/shared/messages";
import { preferences } from "@/shared/preferences";
import { Button, Choice, TextArea } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { type FailureEvent, OUTCOMES, type Side, SIDES } from "../document";
import { setEventField, setKeyframe, setNote, setOutcome } from "../edits";
import { inSeconds } from "../position";
import { useWorkspace } from "../workspace";
import { EventBar } from "./EventBar";
import { Guideline, Guidelines } from "./Guideline";
import { exampleOf } from "./Picture";

const text = messages.diagnose;
const guideline = messages.guideline;

function OutcomeChoice() {
  const workspace = useWorkspace();
  const { outcome } = workspace.document.value;
  return (
    <>
      <Choice
        label={text.outcome}
        field="outcome"
        value={outcome}
        options={OUTCOMES.map((value) => ({ value, label: text.outcomes[value], keys: keyOfCommand(`outcome.${value}`) }))}
        disabled={!workspace.editable.value}
        onChoose={(chosen) => setOutcome(workspace, chosen)}
      />
      {outcome ? (
        <Guideline>{guideline.outcomes[outcome]}</Guideline>
      ) : (
        <Guidelines entries={OUTCOMES.map((value) => ({ name: text.outcomes[value], text: guideline.outcomes[value] }))} />
      )}
    </>
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
      <small>{preferences.value.guideline ? guideline.keyframes[side] : text.keyframeHint[side]}</small>
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
    <>
      <Choice
        label={text.subtask}
        field="subtask"
        value={event.subtask}
        keys={keyOfCommand("subtask.next")}
        options={subtasks.map((subtask, i) => ({ value: i + 1, label: `${i + 1} ${subtask}` }))}
        disabled={!workspace.editable.value}
        onChoose={(subtask) => setEventField(workspace, "subtask", subtask)}
      />
      <Guideline>{guideline.subtask}</Guideline>
    </>
  );
}

function TypeChoice({ event }: { event: FailureEvent }) {
  const workspace = useWorkspace();
  const types = workspace.annotation.value.taxonomy.failure_types;
  const named = types.map(({ id, label, help }) => ({
    id,
    name: text.types[id] ?? label,
    text: guideline.types[id] ?? help ?? "",
    symbols: exampleOf(id),
  }));
  return (
    <>
      <Choice
        label={text.type}
        field="failure_type"
        value={event.failure_type}
        options={named.map(({ id, name }, i) => ({ value: id, label: name, keys: keyOfCommand(`type.${i + 1}`) }))}
        disabled={!workspace.editable.value}
        onChoose={(type) => setEventField(workspace, "failure_type", type)}
      />
      <Guidelines entries={named} />
    </>
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
