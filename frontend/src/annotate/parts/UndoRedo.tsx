/** Undo and redo of what is in view, with their keys. */

import { messages } from "@/shared/messages";
import { Button, Glyph } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { step } from "../edits";
import type { Way } from "../history";
import { useWorkspace } from "../workspace";

const SIGNS: Record<Way, string> = { undo: "↶", redo: "↷" };

function StepButton({ way }: { way: Way }) {
  const workspace = useWorkspace();
  const { history, scopes, editable } = workspace;
  const possible = editable.value && history.can(way, scopes.value);
  return (
    <Button
      label={messages.history[way]}
      disabled={!possible}
      keys={keyOfCommand(way)}
      onClick={() => step(workspace, way)}
    >
      <Glyph>{SIGNS[way]}</Glyph>
    </Button>
  );
}

export const UndoRedo = () => (
  <>
    <StepButton way="undo" />
    <StepButton way="redo" />
  </>
);
