/** Beside the command: what contradicts it, settled by a key either way; else what the selected symbol offers. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { type Command, commandText } from "@/symbols";
import { keyOfCommand } from "../bindings";
import { type Contradiction, contradictions, type Scene, settledBySymbol } from "../hints";
import { amendSymbol, sceneOf, sayWord, wordAtHand } from "../settle";
import { useWorkspace } from "../workspace";

const text = messages.guide;

function WordButton({ command, arms }: { command: Command; arms: readonly string[] }) {
  const workspace = useWorkspace();
  return (
    <Button keys={keyOfCommand("word.use")} disabled={!workspace.editable.value} onClick={() => sayWord(workspace)}>
      {text.say(commandText(command, arms))}
    </Button>
  );
}

function AmendButton({ scene, first }: { scene: Scene; first: Contradiction }) {
  const workspace = useWorkspace();
  return (
    <Button keys={keyOfCommand("symbol.amend")} disabled={!workspace.canDraw.value} onClick={() => amendSymbol(workspace)}>
      {settledBySymbol(scene, first) ? text.redraw : text.takeAway}
    </Button>
  );
}

export function Agreement() {
  const workspace = useWorkspace();
  const scene = sceneOf(workspace);
  if (!scene) return null;
  const [first, ...others] = contradictions(scene);
  const word = wordAtHand(workspace);
  if (!first) return word && <WordButton command={word} arms={scene.arms} />;
  return (
    <div class="hint" role="status">
      <b>{text.contradicts}</b>
      <ul>
        {[first, ...others].map(({ symbol, message }) => (
          <li key={`${symbol.id}/${message}`}>{message}</li>
        ))}
      </ul>
      <div class="seg">
        {word && <WordButton command={word} arms={scene.arms} />}
        <AmendButton scene={scene} first={first} />
      </div>
    </div>
  );
}
