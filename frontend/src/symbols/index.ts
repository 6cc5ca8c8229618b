/** The browser's twin of ml/symbols: a preview held to the Python package by shared cases. */

export { type Agreement, agreement, DEFAULT_VIEW, type ImageDirection, type Reason, type Result, type View } from "./agreement";
export { drawDisplayList } from "./canvas";
export { printCode, printCodes } from "./codes";
export {
  ARMS,
  type ArmCommand,
  AXES,
  type Axis,
  type AxisChoice,
  type Command,
  commandText,
  type Direction,
  type Grasp,
  type Magnitude,
  type Move,
} from "./commands";
export { type Box, bounds, displayList, type Primitive, type SignName } from "./display";
export { signRadius } from "./geometry";
export type * from "./types";
export type { RawSymbol as Symbol } from "./types";
