/** Every key of the page, in one table: in which context it counts, and which command it runs. */

export type Context = "global" | "diagnose" | "guide" | "explain";

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
  bind("global", "ArrowLeft", "sample.previous", "Previous sample"),
  bind("global", "ArrowRight", "sample.next", "Next sample"),
  bind("global", "Shift+ArrowLeft", "frame.previous", "Previous frame"),
  bind("global", "Shift+ArrowRight", "frame.next", "Next frame"),
  bind("global", "Home", "frame.first", "First frame"),
  bind("global", "End", "frame.last", "Last frame"),
  bind("global", "N", "stage.next", "Next stage"),
  bind("global", "P", "stage.previous", "Previous stage"),
  bind("global", "Ctrl+Enter", "submit", "Submit"),
  bind("global", "?", "help", "Show the keys"),
  bind("diagnose", "1", "outcome.successful", "Successful"),
  bind("diagnose", "2", "outcome.failed", "Failed"),
  bind("diagnose", "3", "outcome.cannot_tell", "Cannot tell"),
  bind("diagnose", "[", "keyframe.set.avoidance", "Set avoidance here"),
  bind("diagnose", "]", "keyframe.set.correction", "Set correction here"),
  bind("guide", "[", "keyframe.open.avoidance", "Avoidance keyframe"),
  bind("guide", "]", "keyframe.open.correction", "Correction keyframe"),
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
  bind("guide", "Delete", "symbol.remove", "Delete the selected symbol"),
  bind("guide", "Backspace", "symbol.remove", "Delete the selected symbol"),
  bind("guide", "Escape", "cancel", "Cancel, put the tool away, deselect"),
];

/** The key of a command, as buttons show it. */
export function keyOfCommand(command: string): string | undefined {
  return BINDINGS.find((binding) => binding.command === command)?.key;
}

/** Keys that would run two commands at once: the same key twice where both count. */
export function clashes(bindings: readonly Binding[]): [Binding, Binding][] {
  const together = (a: Binding, b: Binding): boolean =>
    a.key === b.key && (a.context === b.context || a.context === "global" || b.context === "global");
  return bindings.flatMap((a, i) => bindings.slice(i + 1).filter((b) => together(a, b)).map((b): [Binding, Binding] => [a, b]));
}
