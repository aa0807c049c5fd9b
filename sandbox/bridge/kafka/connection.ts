import { connect, type Socket } from 'node:net';
import { Reader, Writer } from './buffers.ts';

const TIMEOUT_MS = 5_000;
const CLIENT_ID = 'msk-service';

interface Waiting {
  resolve: (answer: Reader) => void;
  reject: (error: Error) => void;
  flexible: boolean;
}

/**
 * One connection to a broker, for the sandbox's own eyes: what MSK's service reads of its clusters. It shares no code with the
 * product on purpose, so that a mistake in the product's codecs cannot hide behind the same mistake here.
 */
export class BrokerConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #received = Buffer.alloc(0);
  #correlation = 0;
  #broken: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')));
    socket.setTimeout(TIMEOUT_MS, () => {
      if (this.#waiting.size > 0) socket.destroy(new Error('the broker did not answer in time'));
    });
  }

  static open(port: number): Promise<BrokerConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new BrokerConnection(socket)));
    });
  }

  get usable(): boolean {
    return this.#broken === undefined;
  }

  /** `flexible`: the version's header carries tagged fields. */
  request(apiKey: number, version: number, body: Buffer, flexible = false): Promise<Reader> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    this.#correlation += 1;
    const header = new Writer().int16(apiKey).int16(version).int32(this.#correlation).string(CLIENT_ID);
    if (flexible) header.noTags();
    const message = Buffer.concat([header.bytes(), body]);
    const correlation = this.#correlation;
    return new Promise((resolve, reject) => {
      this.#waiting.set(correlation, { resolve, reject, flexible });
      this.#socket.write(Buffer.concat([new Writer().int32(message.length).bytes(), message]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const length = this.#received.readInt32BE(0);
      if (this.#received.length < 4 + length) return;
      const message = new Reader(this.#received.subarray(4, 4 + length));
      this.#received = this.#received.subarray(4 + length);
      const correlation = message.int32();
      const waiting = this.#waiting.get(correlation);
      this.#waiting.delete(correlation);
      if (waiting?.flexible === true) message.skipTags();
      waiting?.resolve(message);
    }
  }

  #fail(error: Error): void {
    this.#broken ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
