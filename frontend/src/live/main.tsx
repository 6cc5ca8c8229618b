/** The live page's entry: `<div id="live" data-project="1" data-robot="aloha-1">`. */

import { render } from "preact";
import { BoardContext } from "@/annotate/canvas/board";
import "@/annotate/canvas/canvas.css";
import { Tools } from "@/annotate/parts/Tools";
import "@/annotate/parts/tools.css";
import { Controls } from "./Controls";
import "./live.css";
import { LiveCanvas } from "./LiveCanvas";
import { LiveRobot } from "./robot";
import { Timeline } from "./Timeline";

function App({ robot }: { robot: LiveRobot }) {
  const board = robot.board.value;
  return (
    <div class="live">
      <div class="live-stage">
        {robot.correcting.value && board && (
          <BoardContext.Provider value={board}>
            <Tools />
          </BoardContext.Provider>
        )}
        <LiveCanvas robot={robot} />
      </div>
      <Controls robot={robot} />
      <Timeline robot={robot} />
    </div>
  );
}

const root = document.getElementById("live");
if (root?.dataset.robot) {
  const robot = new LiveRobot(Number(root.dataset.project), root.dataset.robot);
  robot.start();
  render(<App robot={robot} />, root);
}
