/** The bar on top: what is annotated, whether it is saved, for how long it is ours, and handing it in. */

import { Button } from "@/shared/ui";
import { messages } from "@/shared/messages";
import { preferences } from "@/shared/preferences";
import { keyOfCommand } from "../bindings";
import { COMMANDS } from "../commands";
import { clockText } from "../lease";
import { submit } from "../submit";
import { useWorkspace } from "../workspace";
import { SavingState } from "./SavingState";

const text = messages.header;

function LeaseState() {
  const { lease, annotation } = useWorkspace();
  if (!annotation.value.editable) return <span class="badge">{text.readOnly}</span>;
  if (!lease.lost.value) return <span class="crumb num">{messages.lease.yours(clockText(lease.left.value))}</span>;
  return null;
}

export function Header() {
  const workspace = useWorkspace();
  const { episode, project, annotation, editable, help } = workspace;
  return (
    <header class="header bar">
      <a class="brand" href="/">
        {text.product}
      </a>
      <h1 class="crumb">
        {project.name} · {episode.task.name} · <b>{text.episode(episode.number)}</b>
      </h1>
      <span class="badge">{messages.states[annotation.value.state]}</span>
      <span class="grow" />
      <SavingState />
      <LeaseState />
      <Button primary disabled={!editable.value} keys={keyOfCommand("submit")} onClick={() => void submit(workspace)}>
        {text.submit}
      </Button>
      <Button
        pressed={preferences.value.guideline}
        keys={keyOfCommand("guideline")}
        onClick={() => COMMANDS.guideline?.(workspace)}
      >
        {messages.guideline.label}
      </Button>
      <Button
        keys={keyOfCommand("help")}
        onClick={() => {
          help.value = !help.value;
        }}
      >
        {text.help}
      </Button>
    </header>
  );
}
