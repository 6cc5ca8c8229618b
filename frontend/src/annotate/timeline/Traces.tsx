/** Traces of gripper, effort and action under the rail, with a cursor at the row of the frame shown. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import type { SignalColumn, Signals } from "@/shared/types";
import type { Times } from "../times";
import { useWorkspace } from "../workspace";
import { heightOf, type Lane, lanesOf, placesOf, rowAt } from "./traces";

const text = messages.traces;
/** Told apart on light and on dark ground. */
const COLORS = ["#3b82c4", "#d0762c", "#2f9e77", "#a061c0", "#c0506e", "#7d8794"];
const MARGIN = 2;

const colorOf = (place: number): string => COLORS[place % COLORS.length]!;

/** A line from row to row, lifted where a value is missing. */
function drawLine(context: CanvasRenderingContext2D, values: SignalColumn["values"], places: Float64Array, lane: Lane) {
  const { width, height } = context.canvas;
  context.beginPath();
  let down = false;
  values.forEach((value, row) => {
    if (value !== null) {
      const y = height - MARGIN - heightOf(value, lane.range) * (height - 2 * MARGIN);
      context[down ? "lineTo" : "moveTo"](places[row]! * width, y);
    }
    down = value !== null;
  });
  context.stroke();
}

function drawLane(canvas: HTMLCanvasElement, lane: Lane, places: Float64Array): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  canvas.width = Math.max(Math.round(canvas.clientWidth * devicePixelRatio), 1);
  canvas.height = Math.max(Math.round(canvas.clientHeight * devicePixelRatio), 1);
  context.lineWidth = devicePixelRatio * 1.25;
  lane.columns.forEach(({ values }, place) => {
    context.strokeStyle = colorOf(place);
    drawLine(context, values, places, lane);
  });
}

function Lines({ lane, places }: { lane: Lane; places: Float64Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() => drawLane(element, lane, places));
    observer.observe(element);
    return () => observer.disconnect();
  }, [lane, places]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

function Reading({ column, place, row }: { column: SignalColumn; place: number; row: number }) {
  const value = column.values[row];
  return (
    <span style={{ color: colorOf(place) }}>
      {column.name} <b>{value == null ? "–" : value.toPrecision(3)}</b> {column.unit}
    </span>
  );
}

function Trace({ lane, places, row }: { lane: Lane; places: Float64Array; row: number }) {
  return (
    <div class="trace" role="group" aria-label={text.kinds[lane.kind]}>
      <Lines lane={lane} places={places} />
      <div class="readings num">
        {lane.columns.map((column, place) => (
          <Reading key={column.name} column={column} place={place} row={row} />
        ))}
      </div>
    </div>
  );
}

function Lanes({ signals, times }: { signals: Signals; times: Times }) {
  const { position } = useWorkspace();
  const lanes = useMemo(() => lanesOf(signals), [signals]);
  const places = useMemo(() => placesOf(signals, times), [signals, times]);
  const row = rowAt(signals, times, position.number.value);
  if (lanes.length === 0) return null;
  return (
    <section class="traces" aria-label={text.label} data-testid="traces" data-seconds={signals.seconds[row]}>
      {lanes.map((lane) => (
        <Trace key={lane.kind} lane={lane} places={places} row={row} />
      ))}
      <span class="cursor" style={{ left: `${100 * places[row]!}%` }} />
    </section>
  );
}

export function Traces() {
  const { signals, position } = useWorkspace();
  if (!signals.value || !position.times) return null;
  return <Lanes signals={signals.value} times={position.times} />;
}
