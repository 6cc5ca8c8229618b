/** What the keys of the review page do. */

import type { Context } from "./bindings";
import type { Item } from "./item";
import type { ReviewPage } from "./page";

type Command = (page: ReviewPage) => void;

/** The contexts whose keys count now. */
export const contextsOf = ({ help, writing }: ReviewPage): Context[] => {
  if (help.peek()) return [];
  return writing.peek() ? ["writing"] : ["review"];
};

const onItem =
  (command: (item: Item) => void): Command =>
  ({ item }) => {
    const here = item.peek();
    if (here) command(here);
  };

export const COMMANDS: Record<string, Command> = {
  next: (page) => void page.step(1),
  previous: (page) => void page.step(-1),
  approve: (page) => void page.approve(),
  sendBack: (page) => page.write(true),
  comment: (page) => page.write(false),
  "field.next": (page) => page.stepField(1),
  "field.previous": (page) => page.stepField(-1),
  "field.right": (page) => void page.mark("right"),
  "field.wrong": (page) => void page.mark("wrong"),
  "frame.pin": ({ atFrame }) => {
    atFrame.value = !atFrame.peek();
  },
  flip: onItem((item) => item.openSide(item.side.peek() === "avoidance" ? "correction" : "avoidance")),
  "side.avoidance": onItem((item) => item.openSide("avoidance")),
  "side.correction": onItem((item) => item.openSide("correction")),
  "event.next": onItem((item) => item.nextEvent()),
  "sample.next": onItem(({ position }) => position.stepSample(1)),
  "sample.previous": onItem(({ position }) => position.stepSample(-1)),
  "frame.next": onItem(({ position }) => position.stepFrame(1)),
  "frame.previous": onItem(({ position }) => position.stepFrame(-1)),
  symbols: ({ showSymbols }) => {
    showSymbols.value = !showSymbols.peek();
  },
  differences: ({ showChanges }) => {
    showChanges.value = !showChanges.peek();
  },
  "zoom.in": onItem(({ view }) => view.zoomIn()),
  "zoom.out": onItem(({ view }) => view.zoomOut()),
  "zoom.reset": onItem(({ view }) => view.reset()),
  queue: ({ place }) => location.assign(place.queue),
  help: ({ help }) => {
    help.value = !help.peek();
  },
  "writing.send": (page) => void page.keepWords(),
  "writing.cancel": (page) => page.stopWriting(),
};
