/** The annotation page: bar, tools, picture and time, and one panel for the stage at hand. */

import { useSignalEffect } from "@preact/signals";
import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { keyOfCommand } from "./bindings";
import { BoardContext } from "./canvas/board";
import { Canvas } from "./canvas/Canvas";
import { stepStage } from "./commands";
import { Diagnose } from "./panels/Diagnose";
import { Explain } from "./panels/Explain";
import { Guide } from "./panels/Guide";
import { Proposed } from "./panels/Proposed";
import { Bindings } from "./parts/Bindings";
import { Header } from "./parts/Header";
import { LoginDialog } from "./parts/LoginDialog";
import { Notices } from "./parts/Notices";
import { Tools } from "./parts/Tools";
import { Wrists } from "./parts/Wrists";
import { UndoRedo } from "./parts/UndoRedo";
import { isDone, type Stage, STAGES, stagesOf } from "./stages";
import { Timeline } from "./timeline/Timeline";
import { useWorkspace, type Workspace, WorkspaceContext } from "./workspace";

const PANELS = { 1: Diagnose, 2: Guide, 3: Explain };

function Tab({ stage }: { stage: Stage }) {
  const workspace = useWorkspace();
  const document = workspace.document.value;
  const done = isDone(stage, document, workspace.problems.value);
  const current = workspace.stage.value === stage;
  return (
    <button
      type="button"
      role="tab"
      class={done ? "tab done" : "tab"}
      aria-selected={current}
      disabled={!stagesOf(document).includes(stage)}
      onClick={() => workspace.openStage(stage)}
    >
      <span class="n" aria-hidden="true">
        {done ? "✓" : stage}
      </span>
      {messages.stages[stage]}
      {done && <span class="unseen">, {messages.stages.done}</span>}
    </button>
  );
}

/** Put the focus on the field that a problem's link leads to. */
function FocusTarget() {
  const { target } = useWorkspace();
  useSignalEffect(() => {
    const field = target.value;
    if (field === null) return;
    // The panel of the other stage is drawn first.
    requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`)?.focus();
      target.value = null;
    });
  });
  return null;
}

function Aside() {
  const workspace = useWorkspace();
  const stage = workspace.stage.value;
  const Panel = PANELS[stage];
  const following = stagesOf(workspace.document.value).includes((stage + 1) as Stage);
  return (
    <aside class="panel">
      <div class="stage-tabs" role="tablist" aria-label={messages.stages.label}>
        {STAGES.map((name) => (
          <Tab key={name} stage={name} />
        ))}
      </div>
      <div class="body" role="tabpanel" aria-label={messages.stages[stage]}>
        <h2 class="unseen">{messages.stages[stage]}</h2>
        <Notices />
        <Proposed />
        <Panel />
      </div>
      <div class="foot">
        <UndoRedo />
        <span class="grow" />
        <Button disabled={!following} keys={keyOfCommand("stage.next")} onClick={() => stepStage(workspace, 1)}>
          {messages.stages.next}
        </Button>
      </div>
      <FocusTarget />
    </aside>
  );
}

export const App = ({ workspace }: { workspace: Workspace }) => (
  <WorkspaceContext.Provider value={workspace}>
    <Header />
    <main class="desk">
      <BoardContext.Provider value={workspace}>
        <Tools />
      </BoardContext.Provider>
      <section class="center">
        <div class="stage">
          <Canvas />
          <Wrists />
        </div>
        <Timeline />
      </section>
      <Aside />
    </main>
    <Bindings />
    <LoginDialog />
  </WorkspaceContext.Provider>
);
