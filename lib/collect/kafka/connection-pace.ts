// How fast new connections may come: a broker pays for each with TLS and authentication, and MSK refuses IAM connections above
// a rate: 4 a second for a kafka.t3.small broker, 100 for the others.

const WINDOW_MS = 1_000;
const MAX_PER_ADDRESS = 4;
const MAX_IN_ALL = 100;

interface Start {
  address: string;
  atMs: number;
}

/** At most 4 connections to one address and 100 in all begin within any second. */
export class ConnectionPace {
  private readonly now: () => number;
  private starts: Start[] = [];

  constructor(now: () => number) {
    this.now = now;
  }

  /** Books the next free moment for a connection to this address: how many milliseconds from now on it is. */
  book(address: string): number {
    const nowMs = this.now();
    this.starts = this.starts.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    const atMs = this.freeMomentFrom(nowMs, address);
    this.starts.push({ address, atMs });
    return atMs - nowMs;
  }

  private freeMomentFrom(nowMs: number, address: string): number {
    for (let atMs = nowMs; ; ) {
      const near = this.starts.filter((start) => Math.abs(start.atMs - atMs) < WINDOW_MS);
      const same = near.filter((start) => start.address === address);
      const crowd = same.length >= MAX_PER_ADDRESS ? same : near.length >= MAX_IN_ALL ? near : [];
      if (crowd.length === 0) return atMs;
      atMs = Math.min(...crowd.map((start) => start.atMs)) + WINDOW_MS;
    }
  }
}
