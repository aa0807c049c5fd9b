import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultSwitch, ProxiedRequest } from './faults.ts';
import { correlationIdOf, cutShort, type Frame, FrameSplitter, requestHeaderOf } from './frames.ts';
import { OrderedWork, sleepUntil } from './ordered-work.ts';

/** Long enough for the first half of an answer to reach the client before the reset, which would overtake it. */
const HALF_ANSWER_MS = 20;

export interface ConnectionOptions {
  brokerId: number;
  id: number;
  client: Socket;
  brokerPort: number;
  /** Whether its bytes are Kafka's frames; those of TLS pass as they come. */
  framed: boolean;
  /** Where what is asked over this connection is recorded. */
  requests: ProxiedRequest[];
  faults: FaultSwitch;
}

/** One client's connection and the one to the broker behind it. */
export class ProxiedConnection {
  readonly #options: ConnectionOptions;
  readonly #faults: FaultSwitch;
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #toBroker = new OrderedWork();
  readonly #toClient = new OrderedWork();
  readonly #awaitingAnswer = new Map<number, ProxiedRequest>();
  #answeredBytes = 0;
  #clientHasLeft = false;

  constructor(options: ConnectionOptions) {
    const { client, framed } = options;
    this.#options = options;
    this.#faults = options.faults;
    this.#client = client;
    this.#broker = connect({ host: '127.0.0.1', port: options.brokerPort, noDelay: true, allowHalfOpen: true });
    const requests = new FrameSplitter();
    const answers = new FrameSplitter();
    client.once('end', () => {
      this.#clientHasLeft = true;
    });
    client.on('data', (chunk) => {
      for (const frame of framed ? requests.push(chunk) : [whole(chunk)])
        this.#request(frame, framed ? this.#record(frame) : null);
    });
    this.#broker.on('data', (chunk) => {
      for (const frame of framed ? answers.push(chunk) : [whole(chunk)]) this.#answer(frame, framed);
    });
    this.#tieEnds(client, this.#broker, this.#toBroker);
    this.#tieEnds(this.#broker, client, this.#toClient);
  }

  /** It has closed its side, whether or not the broker behind has noticed, or was sent away. */
  get clientHasLeft(): boolean {
    // Node emits no 'close' where a reset follows an end that is still on its way.
    return this.#clientHasLeft || this.#client.destroyed;
  }

  destroy(): void {
    this.#client.destroy();
    this.#broker.destroy();
  }

  #tieEnds(from: Socket, to: Socket, work: OrderedWork): void {
    from.on('end', () => work.push(() => void to.end()));
    from.on('error', () => to.resetAndDestroy());
    // What is still on its way to the client may arrive after the broker is gone; nobody waits for what goes to the broker.
    if (from === this.#client) from.on('close', () => to.destroy());
    to.on('drain', () => from.resume());
  }

  #record(frame: Frame): ProxiedRequest {
    const request = {
      brokerId: this.#options.brokerId,
      connectionId: this.#options.id,
      ...requestHeaderOf(frame),
      bytes: frame.bytes,
      atMs: nowMs(),
      answerBytes: null,
      answeredAtMs: null,
    };
    this.#options.requests.push(request);
    this.#awaitingAnswer.set(request.correlationId, request);
    return request;
  }

  #request(frame: Frame, request: ProxiedRequest | null): void {
    const faults = this.#faults.active;
    const dueMs = performance.now() + (faults?.delayMs ?? 0);
    const drops = request !== null && this.#faults.dropsNext();
    this.#toBroker.push(() => {
      if (faults === null) return this.#write(frame, this.#broker, this.#client);
      return this.#orReset(async () => {
        await sleepUntil(dueMs);
        if (drops) return this.#reset();
        if (request !== null) await faults.onRequest?.(request);
        this.#write(frame, this.#broker, this.#client);
      });
    });
  }

  #answer(frame: Frame, framed: boolean): void {
    const request = framed ? this.#answered(frame) : null;
    this.#answeredBytes += frame.bytes;
    const dueMs = performance.now() + (this.#faults.active?.delayMs ?? 0);
    this.#toClient.push(() => {
      if (this.#faults.active === null) return this.#write(frame, this.#client, this.#broker);
      return this.#orReset(() => this.#passAnswer(frame, request, dueMs));
    });
  }

  #answered(frame: Frame): ProxiedRequest | null {
    const correlationId = correlationIdOf(frame);
    const request = this.#awaitingAnswer.get(correlationId);
    if (request === undefined) return null;
    this.#awaitingAnswer.delete(correlationId);
    request.answerBytes = frame.bytes;
    request.answeredAtMs = nowMs();
    return request;
  }

  async #passAnswer(frame: Frame, request: ProxiedRequest | null, dueMs: number): Promise<void> {
    await sleepUntil(dueMs);
    while (this.#faults.active?.stall === true) await this.#faults.changed;
    const { beforeAnswer, resetAfterBytes } = this.#faults.active ?? {};
    if (request !== null) await beforeAnswer?.(request);
    const strike = request === null ? null : this.#faults.strikes(request);
    if (strike === 'reset' || (resetAfterBytes !== undefined && this.#answeredBytes > resetAfterBytes)) {
      this.#client.write(Buffer.concat(frame.pieces).subarray(0, Math.floor(frame.bytes / 2)));
      await sleep(HALF_ANSWER_MS);
      return this.#reset();
    }
    this.#write(strike === 'truncate' ? cutShort(frame) : frame, this.#client, this.#broker);
  }

  /** A hook that throws must fail its test, not hang the client. */
  async #orReset(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#reset();
      throw error;
    }
  }

  #reset(): void {
    this.#client.resetAndDestroy();
    this.#broker.destroy();
  }

  #write({ pieces }: Frame, to: Socket, from: Socket): undefined {
    if (!to.writable) return;
    for (const piece of pieces) if (!to.write(piece)) from.pause();
  }
}

function whole(chunk: Buffer): Frame {
  return { pieces: [chunk], bytes: chunk.length };
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
