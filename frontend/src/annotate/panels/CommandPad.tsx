/** The low-level command, put together by buttons: nothing that the grammar does not say can be chosen. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { type ArmCommand, type Command, commandText, type Direction } from "@/symbols";
import {
  armOf,
  cycleMove,
  DIRECTIONS,
  type Press,
  toggleBack,
  toggleGrasp,
  toggleHold,
  toggleRotate,
} from "../command";
import { keyOfCommand } from "../bindings";
import { pressHere, pressHoldAll } from "../pad";
import { useWorkspace } from "../workspace";
import { Guideline } from "./Guideline";

const text = messages.guide;

interface PadProps {
  part: ArmCommand;
  onPress: (button: Press) => void;
  disabled: boolean;
}

function MoveButton({ part, onPress, disabled, direction }: PadProps & { direction: Direction }) {
  const move = part.move.find((candidate) => candidate.direction === direction);
  return (
    <Button
      pressed={move !== undefined}
      disabled={disabled}
      keys={keyOfCommand(`move.${direction}`)}
      onClick={() => onPress(cycleMove(direction))}
    >
      {text.directions[direction]}
      {move?.magnitude && `, ${text.magnitudes[move.magnitude]}`}
    </Button>
  );
}

const MovePad = (props: PadProps) => (
  <div role="group" aria-label={text.move}>
    <h3>
      <span>{text.move}</span>
      <span>{text.moveHint}</span>
    </h3>
    <div class="pad">
      {DIRECTIONS.map((direction) => (
        <MoveButton key={direction} {...props} direction={direction} />
      ))}
    </div>
  </div>
);

function OtherButtons({ part, onPress, disabled }: PadProps) {
  const toggle = (label: string, pressed: boolean, button: Press, command: string) => (
    <Button key={label} pressed={pressed} disabled={disabled} keys={keyOfCommand(command)} onClick={() => onPress(button)}>
      {label}
    </Button>
  );
  return (
    <div role="group" aria-label={text.rotate}>
      <h3>{text.rotate}</h3>
      <div class="seg">
        {(["clockwise", "counter-clockwise"] as const).map((turn) =>
          toggle(text.rotations[turn], part.rotate === turn, toggleRotate(turn), `rotate.${turn}`),
        )}
        {(["open", "close"] as const).map((grasp) =>
          toggle(text.grasps[grasp], part.grasp === grasp, toggleGrasp(grasp), `grasp.${grasp}`),
        )}
        {toggle(text.hold, part.hold, toggleHold, "hold")}
        {toggle(text.backToPose, part.back, toggleBack, "back")}
      </div>
    </div>
  );
}

interface ArmBarProps {
  arms: readonly string[];
  arm: string;
  command: Command | null;
  disabled: boolean;
  onArm: (arm: string) => void;
  onHoldAll: () => void;
}

const ArmBar = ({ arms, arm, command, disabled, onArm, onHoldAll }: ArmBarProps) => (
  <div role="group" aria-label={text.gripper}>
    <h3>{text.gripper}</h3>
    <div class="seg">
      {arms.map((name) => (
        <Button
          key={name}
          pressed={name === arm}
          keys={name === arm ? undefined : keyOfCommand("arm.next")}
          onClick={() => onArm(name)}
        >
          {text.arms[name] ?? name}
          {command?.arms.some((part) => part.arm === name) && " •"}
        </Button>
      ))}
      <Button pressed={command?.hold ?? false} disabled={disabled} keys={keyOfCommand("hold.all")} onClick={onHoldAll}>
        {text.holdAll}
      </Button>
    </div>
  </div>
);

export function CommandPad({ command }: { command: Command | null }) {
  const workspace = useWorkspace();
  const { arms } = workspace.project.embodiment;
  const arm = workspace.arm.value;
  const pad: PadProps = {
    part: armOf(command, arm),
    disabled: !workspace.editable.value,
    onPress: (button) => pressHere(workspace, button),
  };
  return (
    <div class="command" data-field="command" tabIndex={-1}>
      <ArmBar
        arms={arms}
        arm={arm}
        command={command}
        disabled={pad.disabled}
        onArm={(name) => {
          workspace.chosenArm.value = name;
        }}
        onHoldAll={() => pressHoldAll(workspace)}
      />
      <MovePad {...pad} />
      <Guideline>{messages.guideline.command}</Guideline>
      <OtherButtons {...pad} />
      <Guideline>{messages.guideline.hold}</Guideline>
      <p class={command ? "say" : "say muted"} data-testid="command-text">
        {command ? commandText(command, arms) : text.noCommand}
      </p>
    </div>
  );
}
