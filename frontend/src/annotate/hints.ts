/** What symbols and command of a keyframe say to each other, and how to make them agree: pure. */

import { messages } from "@/shared/messages";
import { agreement, AXES, type Command, directionsOf, displayList, type RawSymbol, type Reason, type Size, type View } from "@/symbols";
import { clamp } from "./canvas/points";
import { opposite } from "./canvas/tools";
import { armOf, freed, idle, press, type Press, sayMove } from "./command";
import type { DrawnSymbol } from "./document";

/** One keyframe as far as agreement goes. */
export interface Scene {
  symbols: readonly DrawnSymbol[];
  command: Command | null;
  arms: readonly string[];
  /** The arm that a symbol is about where nothing else tells. */
  arm: string;
  view: View;
  size: Size;
}

/** A symbol that says otherwise than the command. */
export interface Contradiction {
  symbol: DrawnSymbol;
  arm: string;
  message: string;
}

export function contradictions({ symbols, command, view, arm }: Scene): Contradiction[] {
  if (!command) return [];
  return agreement(symbols, command, view)
    .reasons.filter(({ result, symbol }) => result === "contradicts" && symbol !== null)
    .map((reason) => ({ symbol: symbols[reason.symbol!]!, arm: reason.arm ?? arm, message: told(reason) }));
}

const WORDS = messages.guide.words;

/** A contradiction in the words of the page: what the drawing shows, and what the command says instead. */
function told({ part, direction, suggestion }: Reason): string {
  const shown = WORDS[suggestion ?? part] ?? suggestion ?? part;
  const said = direction ?? (part === "hold" ? "hold" : null);
  return said ? messages.guide.contradiction(shown, WORDS[said] ?? said) : messages.guide.unsaid(shown);
}

const contradicts = (scene: Scene, { id }: DrawnSymbol): boolean =>
  contradictions(scene).some(({ symbol }) => symbol.id === id);

/** The button that a symbol presses on an arm's part of the command; null where it says nothing for sure. */
function wordOf(symbol: RawSymbol, view: View): Press | null {
  switch (symbol.type) {
    case "move_arrow": {
      const directions = directionsOf(symbol, view);
      if (directions.length === 0) return null;
      return (part) => directions.reduce((said, direction) => sayMove(direction)(said), part);
    }
    case "rotate_arrow":
      return (part) => ({ ...freed(part), rotate: symbol.direction });
    case "state":
      return (part) => ({ ...freed(part), grasp: symbol.text === "ON" ? "open" : "close" });
    case "lock":
      return (part) => ({ ...idle(part.arm), hold: true });
    case "rewind":
      return (part) => ({ ...idle(part.arm), back: true });
    default:
      return null;
  }
}

function saying({ command, arms, view }: Scene, symbol: DrawnSymbol, arm: string): Command | null {
  const word = wordOf(symbol, view);
  return word && press(command?.hold ? null : command, arm, word, arms);
}

/** The command with what a symbol shows that the command leaves open; null where there is nothing to offer. */
export function offer(scene: Scene, symbol: DrawnSymbol): Command | null {
  const { command, view, arm } = scene;
  if (command && agreement([symbol], command, view).reasons.some(({ symbol: index, result }) => index === 0 && result !== "undetermined")) {
    return null;
  }
  const busy = armOf(command, arm);
  return command?.hold || busy.hold || busy.back ? null : saying(scene, symbol, arm);
}

/** The command that says what the symbol shows; null where that would not settle the contradiction. */
export function settledByWord(scene: Scene, { symbol, arm }: Contradiction): Command | null {
  const command = saying(scene, symbol, arm);
  return command && !contradicts({ ...scene, command }, symbol) ? command : null;
}

/** Other drawings of the symbol that might mean the opposite, or less. */
function redrawings({ command, size }: Scene, symbol: DrawnSymbol): DrawnSymbol[] {
  if (symbol.type === "rotate_arrow") return [{ ...symbol, direction: opposite(symbol.direction) }];
  if (symbol.type === "state") return [{ ...symbol, text: symbol.text === "ON" ? "OFF" : "ON" }];
  if (symbol.type !== "move_arrow") return [];
  const { start, end } = symbol;
  const about = clamp([2 * start[0] - end[0], 2 * start[1] - end[1]], size);
  const turned: DrawnSymbol[] = [{ ...symbol, end: about }, { ...symbol, start: end, end: start }];
  const said = command?.arms.flatMap(({ move }) => move.map(({ direction }) => direction)) ?? [];
  const meant = AXES.filter(({ directions }) => directions.some((one) => said.includes(one))).map(({ color }) => color);
  const colors = symbol.colors.filter((color) => meant.includes(color));
  if (colors.length === 0) return turned;
  return [...turned, { ...symbol, colors }, ...turned.map((arrow) => ({ ...arrow, colors }))];
}

/** The symbol drawn so that it does not contradict the command; null where only taking it away helps. */
export function settledBySymbol(scene: Scene, { symbol }: Contradiction): DrawnSymbol | null {
  const settles = (redrawn: DrawnSymbol): boolean => {
    const symbols = scene.symbols.map((other) => (other.id === symbol.id ? redrawn : other));
    return displayList([redrawn], scene.size).length > 0 && !contradicts({ ...scene, symbols }, redrawn);
  };
  return redrawings(scene, symbol).find(settles) ?? null;
}
