/** Server-made pages kept fresh: what is marked comes again when news of its kind arrives, in place and without a jump. */

import { Idiomorph } from "idiomorph";
import { later } from "../shared/later";
import { listen } from "../shared/ws";

const wanted = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[id][data-live-on]")];

/** Bring every marked part as the server has it now; focus and what has not changed stay as they are. */
async function refresh(): Promise<void> {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of [...wanted(), ...document.querySelectorAll<HTMLElement>("#bell")]) {
    const next = fresh.getElementById(part.id);
    if (next) Idiomorph.morph(part, next, { ignoreActiveValue: true });
  }
  document.body.dataset.unread = fresh.body.dataset.unread ?? "0";
}

/** One more that is unread, on pages that show no more than that. */
function countUp(): void {
  const unread = String(Number(document.body.dataset.unread ?? "0") + 1);
  document.body.dataset.unread = unread;
  document.querySelector("#bell .count")?.setAttribute("data-count", unread);
}

export function keepFresh(): void {
  const path = document.body.dataset.live;
  if (!path) return;
  const soon = later(() => void refresh().catch(() => undefined)); // the next news, or the next connection, asks again
  let first = true;
  listen(path, {
    message(data) {
      const { type } = data as { type: string };
      if (type === "notification") countUp();
      // The page is as fresh as its first connection; every later one may have missed something.
      const again = type === "ready" && !first;
      first &&= type !== "ready";
      if (again || wanted().some((part) => part.dataset.liveOn?.split(" ").includes(type))) soon();
    },
  });
}
