/** The low-level command, put together by buttons: nothing that the grammar does not say can be chosen. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { type ArmCommand, type Command, commandText, type Direction } from "@/symbols";
import {
  armOf,
  cycleMove,
  DIRECTIONS,
  press,
  type Press,
  toggleBack,
  toggleGrasp,
  toggleHold,
  toggleHoldAll,
  toggleRotate,
} from "../command";
import { setGuidance } from "../edits";
import { handRotation } from "../settle";
import { useWorkspace } from "../workspace";

const text = messages.guide;

interface PadProps {
  part: ArmCommand;
  onPress: (button: Press) => void;
  disabled: boolean;
}

function MoveButton({ part, onPress, disabled, direction }: PadProps & { direction: Direction }) {
  const move = part.move.find((candidate) => candidate.direction === direction);
  return (
    <Button pressed={move !== undefined} disabled={disabled} onClick={() => onPress(cycleMove(direction))}>
      {text.directions[direction]}
      {move?.magnitude && `, ${move.magnitude}`}
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
  const toggle = (label: string, pressed: boolean, button: Press) => (
    <Button key={label} pressed={pressed} disabled={disabled} onClick={() => onPress(button)}>
      {label}
    </Button>
  );
  return (
    <div role="group" aria-label={text.rotate}>
      <h3>{text.rotate}</h3>
      <div class="seg">
        {(["clockwise", "counter-clockwise"] as const).map((turn) =>
          toggle(text.rotations[turn], part.rotate === turn, toggleRotate(turn)),
        )}
        {(["open", "close"] as const).map((grasp) =>
          toggle(text.grasps[grasp], part.grasp === grasp, toggleGrasp(grasp)),
        )}
        {toggle(text.hold, part.hold, toggleHold)}
        {toggle(text.backToPose, part.back, toggleBack)}
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
        <Button key={name} pressed={name === arm} onClick={() => onArm(name)}>
          {text.arms[name] ?? name}
          {command?.arms.some((part) => part.arm === name) && " •"}
        </Button>
      ))}
      <Button pressed={command?.hold ?? false} disabled={disabled} onClick={onHoldAll}>
        {text.holdAll}
      </Button>
    </div>
  </div>
);

export function CommandPad({ command }: { command: Command | null }) {
  const workspace = useWorkspace();
  const { arms } = workspace.project.embodiment;
  const arm = workspace.arm.value;
  const store = (next: Command | null): void => setGuidance(workspace, workspace.side.peek(), "command", next);
  const pad: PadProps = {
    part: armOf(command, arm),
    disabled: !workspace.editable.value,
    onPress: (button) => {
      const next = press(command, arm, button, arms);
      store(next);
      if (armOf(next, arm).rotate !== armOf(command, arm).rotate) handRotation(workspace, next, arm);
    },
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
        onHoldAll={() => store(toggleHoldAll(command))}
      />
      <MovePad {...pad} />
      <OtherButtons {...pad} />
      <p class={command ? "say" : "say muted"} data-testid="command-text">
        {command ? commandText(command, arms) : text.noCommand}
      </p>
    </div>
  );
}
