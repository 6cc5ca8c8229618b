/** The browser's twin of ml/symbols: a preview held to the Python package by shared cases. */

export { type Agreement, agreement, DEFAULT_VIEW, directionsOf, type ImageDirection, type Reason, type Result, type View } from "./agreement";
export { drawDisplayList } from "./canvas";
export { printCode } from "./codes";
export {
  type ArmCommand,
  AXES,
  type Command,
  commandText,
  type Direction,
  type Grasp,
  type Move,
} from "./commands";
export { displayList, type Primitive } from "./display";
export { signRadius } from "./geometry";
export type * from "./types";
