/** What runs in the worker, watched by a page of the server: its progress is asked for, its end reloads the page. */

export const ASK_MS = 1000;
const PATIENCE_MS = 10_000;

const UNDER_WAY = new Set(["queued", "running", "packing"]);

interface Heard {
  state: string;
  stage?: string;
  progress?: number;
  may_restart?: boolean;
}

/** What the server says of a job; null where it could not be asked just now. */
async function hear(address: string): Promise<Heard | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? ((await answer.json()) as Heard) : null;
  } catch {
    return null; // the network or the server is away: asked again
  }
}

function show(element: HTMLElement, heard: Heard): void {
  const bar = element.querySelector("progress");
  if (bar !== null) bar.value = heard.progress ?? 0;
  const stage = element.querySelector("[data-stage]");
  if (stage !== null && stage.textContent !== heard.stage) stage.textContent = heard.stage ?? "";
}

/** Follow one job until it has ended, or went silent, so that it may be started again. */
async function follow(element: HTMLElement, address: string, known: string): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    const heard = await hear(address);
    if (heard === null) continue;
    show(element, heard);
    const silent = heard.may_restart === true && element.dataset.restart === "no";
    if (silent || (heard.state !== known && !UNDER_WAY.has(heard.state))) return;
  }
}

/** Follow all jobs of the page that are under way; `done` runs as soon as one of them has ended. */
export function watchJobs(done: () => void): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-job]")) {
    const { job, state = "" } = element.dataset;
    if (job !== undefined && UNDER_WAY.has(state)) void follow(element, job, state).then(done);
  }
}
