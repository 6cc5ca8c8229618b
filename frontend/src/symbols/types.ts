/** The release's raw form of the seven visual symbols; points are whole pixels of the frame. */

export type Point = readonly [number, number];
export type Color = "red" | "green" | "blue";
export type Rotation = "clockwise" | "counter-clockwise";
export type State = "ON" | "OFF";

export interface StraightArrow {
  readonly type: "move_arrow";
  readonly start: Point;
  readonly end: Point;
  readonly colors: readonly Color[];
}

export interface RotatingArrow {
  readonly type: "rotate_arrow";
  readonly center: Point;
  readonly direction: Rotation;
}

export interface DualCrosshair {
  readonly type: "dual_crosshair";
  readonly p1: Point;
  readonly p2: Point;
}

export interface Crosshair {
  readonly type: "crosshair";
  readonly pos: Point;
}

export interface StateLabel {
  readonly type: "state";
  readonly pos: Point;
  readonly text: State;
}

export interface Lock {
  readonly type: "lock";
  readonly pos: Point;
}

export interface Rewind {
  readonly type: "rewind";
  readonly pos: Point;
}

export type RawSymbol =
  | StraightArrow
  | RotatingArrow
  | DualCrosshair
  | Crosshair
  | StateLabel
  | Lock
  | Rewind;

/** Width and height of a frame in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
