import { randomFrom } from '../../workload/records.ts';

/** What a client asked of a broker. Times are milliseconds since the epoch, with fractions. */
export interface ProxiedRequest {
  brokerId: number;
  /** Counts from 1 in each proxy. */
  connectionId: number;
  apiKey: number;
  apiVersion: number;
  correlationId: number;
  clientId: string | null;
  /** With the length in front. */
  bytes: number;
  atMs: number;
  /** Of the broker's answer as it reached the proxy; null until then. */
  answerBytes: number | null;
  answeredAtMs: number | null;
}

/** What goes wrong. Those that name an API, and the hooks, need frames that the proxy can read: none under TLS. */
export interface ProxyFaults {
  /** One way, in each direction: a round trip takes twice as long. Order is kept; fractions count. */
  delayMs?: number;
  /** Connections and requests are taken and passed on, nothing comes back. What was held back flows once healed. */
  stall?: boolean;
  /** Nothing listens any more, so new connections are refused; open ones stay. */
  refuse?: boolean;
  /** The n-th answer of that API (the first unless told) is cut half way by a reset. */
  resetMidAnswer?: { apiKey: number; nth?: number };
  /** Each connection is reset once so many bytes have come back over it. */
  resetAfterBytes?: number;
  /** The n-th answer of that API is a whole frame without the second half of its body. The connection stays. */
  truncate?: { apiKey: number; nth?: number };
  /** That share of requests never reaches the broker: the connection is reset instead. The seed decides which. */
  dropRandomly?: { share: number; seed: number };
  /** Awaited before a request is passed on, and with it all that follows on its connection. */
  onRequest?: (request: ProxiedRequest) => unknown;
  /** Awaited before an answer is passed back. */
  beforeAnswer?: (request: ProxiedRequest) => unknown;
}

/** The faults that a proxy has at the moment, and what has come of them. */
export class FaultSwitch {
  /** Requests that the seeded fault has struck, since ever. */
  drops = 0;
  #active: ProxyFaults | null = null;
  #random: () => number = () => 1;
  #answersSeen = 0;
  #changed = Promise.withResolvers<void>();

  /** Null while none is set: then nothing needs to be held up. */
  get active(): ProxyFaults | null {
    return this.#active;
  }

  /** Resolves at the next change. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  set(faults: ProxyFaults): void {
    this.#active = Object.keys(faults).length === 0 ? null : faults;
    this.#random = randomFrom(faults.dropRandomly?.seed ?? 0);
    this.#answersSeen = 0;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Draws, so ask once for each request. */
  dropsNext(): boolean {
    const share = this.#active?.dropRandomly?.share;
    if (share === undefined || this.#random() >= share) return false;
    this.drops += 1;
    return true;
  }

  /** Counts answers of the API that a fault names, so ask once for each answer. */
  strikes({ apiKey }: ProxiedRequest): 'reset' | 'truncate' | null {
    const { resetMidAnswer, truncate } = this.#active ?? {};
    const named = resetMidAnswer ?? truncate;
    if (named?.apiKey !== apiKey) return null;
    this.#answersSeen += 1;
    if (this.#answersSeen !== (named.nth ?? 1)) return null;
    return resetMidAnswer === undefined ? 'truncate' : 'reset';
  }
}
