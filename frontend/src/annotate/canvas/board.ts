/** What drawing needs of a page: how the picture lies, the drawing itself, and whether it is allowed now. */

import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Drawing } from "../drawing";
import type { View } from "./view";

export interface Board {
  readonly view: View;
  readonly drawing: Drawing;
  readonly canDraw: ReadonlySignal<boolean>;
}

export const BoardContext = createContext<Board | null>(null);

export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (!board) throw new Error("There is no board around this component.");
  return board;
}
