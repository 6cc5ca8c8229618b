/** The review queue's entry: `<div id="review-queue" data-project="1">`. */

import { render } from "preact";
import { api } from "@/shared/api";
import { App } from "./App";
import { Queue } from "./queue";
import "./queue.css";

const root = document.getElementById("review-queue");
if (root) {
  const queue = new Queue(Number(root.dataset.project), api);
  render(<App queue={queue} />, root);
  queue.start();
}
