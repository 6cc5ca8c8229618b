/** The review page's entry: `<div id="review" data-annotation="5" data-project="1" ...>`. */

import { render } from "preact";
import { api, ApiError, sentence } from "@/shared/api";
import { listenToKeys } from "@/shared/keys/listen";
import type { Project } from "@/shared/types";
import { Alert } from "@/shared/ui";
import { App } from "./App";
import { table } from "./bindings";
import { COMMANDS, contextsOf } from "./commands";
import { ReviewPage } from "./page";
import "./review.css";

/** What the page is about, as its element says. */
type Place = Record<"annotation" | "project" | "user" | "queue", string>;

async function main(root: HTMLElement): Promise<void> {
  const { annotation, project, user, queue } = { ...root.dataset } as Place;
  try {
    const page = new ReviewPage(await api.get<Project>(`projects/${project}/`), api, { user, queue });
    render(<App page={page} />, root);
    listenToKeys(
      () => table.bindings.peek(),
      () => contextsOf(page),
      (command) => COMMANDS[command]?.(page),
    );
    await page.start(Number(annotation));
  } catch (error) {
    render(<Alert kind="error">{sentence(error)}</Alert>, root);
    if (!(error instanceof ApiError)) throw error;
  }
}

const root = document.getElementById("review");
if (root) void main(root);
