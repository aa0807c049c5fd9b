// How long a run waits for one broker. Each of its answers may be in time and all of them together still cost the whole run: what
// comes next waits for the slowest, step after step.
import { REQUEST_TIMEOUT_MS } from './connector.ts';
import type { RunClock } from './run-clock.ts';

/** Of the time that the run has at its beginning. */
const SHARE_OF_RUN = 1 / 3;

/**
 * Counts a broker's time only while at least as many others owe nothing: where most are slow the cluster is, and to give up one of
 * them would win nothing. A lone broker is never given up.
 */
export class BrokerPatience<Broker> {
  private readonly clock: RunClock;
  private readonly livingBrokers: () => number;
  private readonly limitMs: number;
  /** Brokers that owe answers, and how many. */
  private readonly owing = new Map<Broker, number>();
  private readonly spentMs = new Map<Broker, number>();
  private countedToMs = 0;

  /** @param livingBrokers how many are still asked */
  constructor(clock: RunClock, livingBrokers: () => number) {
    this.clock = clock;
    this.livingBrokers = livingBrokers;
    this.limitMs = Math.max(REQUEST_TIMEOUT_MS, clock.remainingMs() * SHARE_OF_RUN);
  }

  asks(broker: Broker): void {
    this.count();
    this.owing.set(broker, (this.owing.get(broker) ?? 0) + 1);
  }

  hears(broker: Broker): void {
    this.count();
    const left = (this.owing.get(broker) ?? 1) - 1;
    if (left === 0) this.owing.delete(broker);
    else this.owing.set(broker, left);
  }

  /** The milliseconds waited for a broker when they are too many and it owes an answer; else null. */
  overspentMs(broker: Broker): number | null {
    const spentMs = this.spentMs.get(broker) ?? 0;
    return this.owing.has(broker) && spentMs > this.limitMs ? spentMs : null;
  }

  private count(): void {
    const nowMs = this.clock.now();
    const sinceMs = this.countedToMs;
    this.countedToMs = nowMs;
    if (nowMs <= sinceMs || this.owing.size > this.livingBrokers() / 2) return;
    for (const broker of this.owing.keys()) {
      this.spentMs.set(broker, (this.spentMs.get(broker) ?? 0) + nowMs - sinceMs);
    }
  }
}
