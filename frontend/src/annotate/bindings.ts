/** Every key of the page, in one table: in which context it counts, and which command it runs. */

/** `frames` counts while no symbol is selected and `symbol` while one is, `gesture` while one is being drawn. */
export type Context = "global" | "diagnose" | "guide" | "explain" | "frames" | "symbol" | "gesture";

/** Contexts of one row never count together. */
const APART: readonly (readonly Context[])[] = [
  ["diagnose", "guide", "explain"],
  ["frames", "symbol"],
  ["diagnose", "symbol"],
  ["diagnose", "gesture"],
  ["explain", "symbol"],
  ["explain", "gesture"],
];

export interface Binding {
  context: Context;
  key: string;
  command: string;
  label: string;
}

const bind = (context: Context, key: string, command: string, label: string): Binding => ({
  context,
  key,
  command,
  label,
});

export const BINDINGS: readonly Binding[] = [
  bind("frames", "ArrowLeft", "sample.previous", "Previous sample"),
  bind("frames", "ArrowRight", "sample.next", "Next sample"),
  bind("frames", "Shift+ArrowLeft", "frame.previous", "Previous frame"),
  bind("frames", "Shift+ArrowRight", "frame.next", "Next frame"),
  bind("global", "Home", "frame.first", "First frame"),
  bind("global", "End", "frame.last", "Last frame"),
  bind("global", "[", "keyframe.previous", "Previous keyframe of any failure"),
  bind("global", "]", "keyframe.next", "Next keyframe of any failure"),
  bind("global", "K", "play", "Play, or stop"),
  bind("global", "J", "speed", "Change the speed: 1, 0.5, 0.25"),
  bind("global", "Q", "camera.1", "First wrist camera on or off"),
  bind("global", "E", "camera.2", "Second wrist camera on or off"),
  bind("global", "N", "stage.next", "Next stage"),
  bind("global", "P", "stage.previous", "Previous stage"),
  bind("global", "Ctrl+Enter", "submit", "Submit"),
  bind("global", "+", "zoom.in", "Zoom in, to the pointer; the wheel does too"),
  bind("global", "=", "zoom.in", "Zoom in, to the pointer"),
  bind("global", "-", "zoom.out", "Zoom out"),
  bind("global", "0", "zoom.reset", "The whole frame; drag with space or the middle button to move about"),
  bind("global", "Ctrl+Z", "undo", "Undo"),
  bind("global", "Ctrl+Shift+Z", "redo", "Redo"),
  bind("global", "Ctrl+Y", "redo", "Redo"),
  bind("global", "?", "help", "Show the keys"),
  bind("diagnose", "Space", "play", "Play, or stop"),
  bind("explain", "Space", "play", "Play, or stop"),
  bind("diagnose", "1", "outcome.successful", "Successful"),
  bind("diagnose", "2", "outcome.failed", "Failed"),
  bind("diagnose", "3", "outcome.cannot_tell", "Cannot tell"),
  bind("diagnose", "A", "keyframe.set.avoidance", "Set avoidance here"),
  bind("diagnose", "C", "keyframe.set.correction", "Set correction here"),
  bind("guide", "1", "keyframe.open.avoidance", "Avoidance keyframe"),
  bind("guide", "2", "keyframe.open.correction", "Correction keyframe"),
  bind("guide", "V", "tool.select", "Select"),
  bind("guide", "A", "tool.arrow", "Straight arrow"),
  bind("guide", "S", "tool.rotate", "Rotating arrow"),
  bind("guide", "C", "tool.crosshair", "Crosshair"),
  bind("guide", "D", "tool.dual", "Dual crosshairs"),
  bind("guide", "O", "tool.on", "ON label"),
  bind("guide", "F", "tool.off", "OFF label"),
  bind("guide", "L", "tool.lock", "Lock"),
  bind("guide", "W", "tool.rewind", "Rewind"),
  bind("guide", "R", "color.red", "Red: forward and backward"),
  bind("guide", "G", "color.green", "Green: left and right"),
  bind("guide", "B", "color.blue", "Blue: up and down"),
  bind("guide", "T", "turn", "Turn the other way round"),
  bind("guide", ".", "word.use", "Let the command say what the symbol shows"),
  bind("guide", ",", "symbol.amend", "Let the symbol show what the command says"),
  bind("guide", "Y", "symbols.copy", "Copy the other keyframe's symbols here"),
  bind("guide", "Delete", "symbol.remove", "Delete the selected symbol"),
  bind("guide", "Backspace", "symbol.remove", "Delete the selected symbol"),
  bind("guide", "Escape", "cancel", "Cancel, put the tool away, deselect"),
  bind("gesture", "Enter", "finish", "End the symbol where the pointer is"),
  bind("symbol", "ArrowLeft", "nudge.left", "Move the symbol 1 px left"),
  bind("symbol", "ArrowRight", "nudge.right", "Move the symbol 1 px right"),
  bind("symbol", "ArrowUp", "nudge.up", "Move the symbol 1 px up"),
  bind("symbol", "ArrowDown", "nudge.down", "Move the symbol 1 px down"),
  bind("symbol", "Shift+ArrowLeft", "nudge.far.left", "Move the symbol 10 px left"),
  bind("symbol", "Shift+ArrowRight", "nudge.far.right", "Move the symbol 10 px right"),
  bind("symbol", "Shift+ArrowUp", "nudge.far.up", "Move the symbol 10 px up"),
  bind("symbol", "Shift+ArrowDown", "nudge.far.down", "Move the symbol 10 px down"),
  bind("symbol", "Ctrl+D", "symbol.duplicate", "Duplicate the selected symbol"),
];

/** The key of a command, as buttons show it. */
export function keyOfCommand(command: string): string | undefined {
  return BINDINGS.find((binding) => binding.command === command)?.key;
}

/** Keys that would run two commands at once: the same key twice where both count. */
export function clashes(bindings: readonly Binding[]): [Binding, Binding][] {
  const together = (a: Binding, b: Binding): boolean =>
    a.key === b.key && (a.context === b.context || !APART.some((row) => row.includes(a.context) && row.includes(b.context)));
  return bindings.flatMap((a, i) => bindings.slice(i + 1).filter((b) => together(a, b)).map((b): [Binding, Binding] => [a, b]));
}
