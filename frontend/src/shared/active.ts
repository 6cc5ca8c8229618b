/** How long a person is really at work on a page, stage by stage.
 *
 * Time counts while the page is seen and somebody did something within the last 30 seconds. What is reported are
 * sums since the page was opened, so that a report which was lost is made good by the next one; the server believes
 * no more than its own clock allows, which is why it is told at once that the page is open.
 */

import { type Api, ApiError } from "./api";
import { uuid } from "./uuid";

export type WorkStage = "diagnosis" | "guidance" | "texts" | "review";

const IDLE = 30_000;
const TICK = 1000;
const REPORT = 30_000;
/** A tick that comes later than this was not late but asleep, with its computer. */
const ASLEEP = 3 * TICK;
const ACTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

export class ActiveTime {
  readonly session = uuid();
  private readonly milliseconds: Partial<Record<WorkStage, number>> = {};
  private acted = Date.now();
  private ticked = Date.now();
  private reported = "";
  private stopping: (() => void)[] = [];

  /** `watching` tells whether a film runs, which is work without touching anything. */
  constructor(
    private readonly api: Pick<Api, "post">,
    private readonly annotation: number,
    private readonly stage: () => WorkStage,
    private readonly watching: () => boolean = () => false,
  ) {}

  start(target: Document = document): void {
    const act = (): void => this.act();
    const leave = (): void => {
      if (target.visibilityState === "hidden") void this.report();
      else this.ticked = Date.now();
    };
    for (const name of ACTS) target.addEventListener(name, act, { passive: true, capture: true });
    target.addEventListener("visibilitychange", leave);
    const timers = [setInterval(() => this.tick(target), TICK), setInterval(() => void this.report(), REPORT)];
    this.stopping = [
      () => timers.forEach(clearInterval),
      () => target.removeEventListener("visibilitychange", leave),
      () => ACTS.forEach((name) => target.removeEventListener(name, act, { capture: true })),
    ];
    void this.report();
  }

  stop(): void {
    this.stopping.forEach((end) => end());
    this.stopping = [];
    void this.report();
  }

  /** Somebody did something. */
  act(): void {
    this.acted = Date.now();
  }

  /** The seconds so far, rounded to tenths. */
  get seconds(): Partial<Record<WorkStage, number>> {
    return Object.fromEntries(Object.entries(this.milliseconds).map(([stage, ms]) => [stage, Math.round(ms / 100) / 10]));
  }

  private tick(target: Document): void {
    const now = Date.now();
    const passed = now - this.ticked;
    this.ticked = now;
    if (this.watching()) this.acted = now;
    if (passed > ASLEEP || target.visibilityState === "hidden" || now - this.acted > IDLE) return;
    const stage = this.stage();
    this.milliseconds[stage] = (this.milliseconds[stage] ?? 0) + passed;
  }

  /** Tell the server, unless it knows. A failure is left to the next report. */
  private async report(): Promise<void> {
    const body = { session: this.session, seconds: this.seconds };
    const text = JSON.stringify(body);
    if (text === this.reported) return;
    try {
      await this.api.post(`annotations/${this.annotation}/time/`, body);
      this.reported = text;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
