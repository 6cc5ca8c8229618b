/** Small behaviours of the server's pages, bound by data attributes so that no page holds a script of its own. */

import { awaitNews } from "./awaiting";
import { keepFresh } from "./live";
import "./site.css";

/** Ask the question in `data-confirm` of the button pressed or of its form. */
function confirmed(event: SubmitEvent): boolean {
  const asking = event.submitter?.dataset.confirm ?? (event.target as HTMLFormElement).dataset.confirm;
  return asking === undefined || window.confirm(asking);
}

/** A form is sent once, however often its button is pressed. */
function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.dataset.sent !== undefined || !confirmed(event)) event.preventDefault();
  else form.dataset.sent = "";
}

/** A page that comes back from the browser's history may send its forms again. */
function onPageShow(event: PageTransitionEvent): void {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
}

/** Times in the reader's own zone and form. */
function localTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (!Number.isNaN(date.valueOf())) time.textContent = date.toLocaleString();
  }
}

document.addEventListener("submit", onSubmit);
window.addEventListener("pageshow", onPageShow);
localTimes();
document.querySelectorAll<HTMLElement>("[data-awaits]").forEach(awaitNews);
keepFresh();
