/** The column of drawing tools. It stays where it is in every stage; it works in the second. */

import type { ComponentChildren } from "preact";
import { messages } from "@/shared/messages";
import { Glyph } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { useBoard } from "../canvas/board";
import { type ToolId, TOOLS } from "../canvas/tools";

const text = messages.tools;
const COLORS = ["red", "green", "blue"] as const;
const LETTERS = { red: "R", green: "G", blue: "B" };

const Icon = ({ children }: { children: ComponentChildren }) => (
  <svg width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
    {children}
  </svg>
);

const ICONS: Record<ToolId, ComponentChildren> = {
  select: <path d="M5 3v14l4-4 3 6 2-1-3-6h6z" stroke-linejoin="round" />,
  arrow: <path d="M4 18 17 5M10 5h7v7" />,
  rotate: <path d="M18 11a7 7 0 1 1-7-7M8 1l4 3-4 3" />,
  crosshair: <path d="M11 2v6M11 14v6M2 11h6M14 11h6" />,
  dual: (
    <>
      <path d="M5 1v3M5 6v3M1 5h3M6 5h3M17 13v3M17 18v3M13 17h3M18 17h3" />
      <path d="m8 8 6 6" stroke-dasharray="2 2" />
    </>
  ),
  on: null,
  off: null,
  lock: <path d="M11 3a8 8 0 1 0 0 16 8 8 0 0 0 0-16M5.500 5.500l11 11" class="prohibition" />,
  rewind: <path d="M11 5v12l-8-6zM19 5v12l-8-6z" fill="currentColor" />,
};

function ToolButton({ tool }: { tool: ToolId }) {
  const { drawing, canDraw } = useBoard();
  const key = keyOfCommand(`tool.${tool}`);
  const icon = ICONS[tool];
  return (
    <button
      type="button"
      class="tool"
      title={text[tool]}
      aria-label={text[tool]}
      aria-keyshortcuts={key}
      aria-pressed={drawing.toolId.value === tool}
      disabled={!canDraw.value}
      onClick={() => drawing.use(tool)}
    >
      {icon ? <Icon>{icon}</Icon> : <b>{tool.toUpperCase()}</b>}
      <small>{key && <Glyph>{key}</Glyph>}</small>
    </button>
  );
}

/** The arrows' colors; a number says in which order they follow each other. */
function ColorButton({ color }: { color: (typeof COLORS)[number] }) {
  const { drawing, canDraw } = useBoard();
  const selected = drawing.selection.value;
  const colors = selected?.type === "move_arrow" ? selected.colors : drawing.chosenColors.value;
  return (
    <button
      type="button"
      class={`axis ${color}`}
      title={text.colors[color]}
      aria-label={text.colors[color]}
      aria-keyshortcuts={keyOfCommand(`color.${color}`)}
      aria-pressed={colors.includes(color)}
      disabled={!canDraw.value}
      onClick={() => drawing.toggleColor(color)}
    >
      <Glyph>{LETTERS[color]}</Glyph>
      {colors.length > 1 && colors.includes(color) && <sub>{colors.indexOf(color) + 1}</sub>}
    </button>
  );
}

function TurnButton() {
  const { drawing, canDraw } = useBoard();
  const selected = drawing.selection.value;
  const key = keyOfCommand("turn");
  const turn = selected?.type === "rotate_arrow" ? selected.direction : drawing.chosenTurn.value;
  return (
    <button
      type="button"
      class="tool"
      title={text.turn(turn)}
      aria-label={text.turn(turn)}
      aria-keyshortcuts={key}
      disabled={!canDraw.value}
      onClick={() => drawing.toggleTurn()}
    >
      <Glyph>{turn === "clockwise" ? "↻" : "↺"}</Glyph>
      <small>{key && <Glyph>{key}</Glyph>}</small>
    </button>
  );
}

export const Tools = () => (
  <div class="tools" role="toolbar" aria-label={text.label} aria-orientation="vertical">
    {TOOLS.map((tool) => (
      <ToolButton key={tool} tool={tool} />
    ))}
    <span class="gap" />
    {COLORS.map((color) => (
      <ColorButton key={color} color={color} />
    ))}
    <TurnButton />
  </div>
);
