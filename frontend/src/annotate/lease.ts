/** The claim on an episode: kept by a heartbeat, shown as the time left, and lost with a word.
 *
 * It keeps two people from doing the same work and guards no data: whoever loses it can go on.
 */

import { computed, signal } from "@preact/signals";
import { ApiError, type Api, serverNow } from "@/shared/api";
import type { Assignment } from "@/shared/types";

const HEARTBEAT = 30_000;
const TICK = 1000;

type Claim = { held: true; expires: number } | { held: false; holder: string | null };

/** Milliseconds as m:ss, never below zero. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class LeaseKeeper {
  readonly claim = signal<Claim>({ held: true, expires: serverNow() });
  private readonly now = signal(serverNow());
  readonly left = computed(() => (this.claim.value.held ? this.claim.value.expires - this.now.value : 0));
  readonly lost = computed(() => !this.claim.value.held);
  private timers: ReturnType<typeof setInterval>[] = [];

  constructor(
    private readonly api: Api,
    private readonly episode: number,
  ) {}

  start(): void {
    void this.beat();
    this.timers = [
      setInterval(() => void this.beat(), HEARTBEAT),
      setInterval(() => {
        this.now.value = serverNow();
      }, TICK),
    ];
  }

  stop(): void {
    this.timers.forEach(clearInterval);
    this.timers = [];
  }

  /** Tell the server that somebody is still here. A failure of the network is left to the next beat. */
  async beat(): Promise<void> {
    if (this.lost.value) return;
    await this.asked(() => this.api.post<{ expires_at: string }>(`episodes/${this.episode}/lease/`));
  }

  /** Ask for the episode again after it was lost. */
  async retake(): Promise<void> {
    await this.asked(async () => (await this.api.post<Assignment>(`episodes/${this.episode}/claim/`)).lease);
  }

  private async asked(ask: () => Promise<{ expires_at: string } | null>): Promise<void> {
    try {
      const lease = await ask();
      this.now.value = serverNow();
      this.claim.value = lease ? { held: true, expires: Date.parse(lease.expires_at) } : { held: false, holder: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.transient && !error.loggedOut) this.claim.value = { held: false, holder: holderOf(error) };
    }
  }
}

function holderOf(error: ApiError): string | null {
  const { holder } = error.data;
  return error.code === "lease_held" && typeof holder === "string" ? holder : null;
}
