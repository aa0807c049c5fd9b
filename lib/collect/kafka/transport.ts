// kafkajs's connection, with a lock on the door, bounds, and no trust in what comes in. The only file that touches its insides.
import Connection from 'kafkajs/src/network/connection.js';
import { isAllowedApiKey } from './api-keys.ts';
import type { FaultKind } from './connection-fault.ts';
import { SASL_AUTHENTICATE, SASL_HANDSHAKE, saslFault } from './sasl-answer.ts';
import { SilenceWatch } from './silence-watch.ts';

/** No answer of the requests we send comes near this; a larger one is not Kafka, or not for us. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const TLS_ALERT = 0x15;
/**
 * How long before its end a session is renewed: what is on its way then should still arrive in it. kafkajs's own ten seconds renew a
 * shorter session with every request.
 */
const RENEWED_BEFORE_END_MS = 250;

// kafkajs's errors reach us as errors; its log lines carry request contents.
const silent = { namespace: () => silent, info() {}, error() {}, warn() {}, debug() {} };

type KafkajsOptions = ConstructorParameters<typeof Connection>[0];
export type Exchange = Parameters<Connection['send']>[0];
export type OpenSocket = KafkajsOptions['socketFactory'];

export interface TransportOptions
  extends Pick<KafkajsOptions, 'host' | 'port' | 'ssl' | 'sasl' | 'connectionTimeout' | 'socketFactory'> {
  /** How long the broker may owe an answer without a word. */
  silenceMs: number;
  /** Whether the requests that need READ on a topic may leave, too. */
  readData: boolean;
  /** The connection is of no use any more. */
  onUnfit: (kind: FaultKind, about?: string) => void;
}

export class Transport extends Connection {
  private readonly onUnfit: TransportOptions['onUnfit'];
  private readonly mechanism: string | undefined;
  private readonly watch: SilenceWatch;
  private readonly readData: boolean;
  private hasHeard = false;

  constructor({ silenceMs, readData, onUnfit, ...options }: TransportOptions) {
    // A timer for each request would count what waits behind a slow one, and end the requests one by one.
    const noTimers = { requestTimeout: silenceMs, enforceRequestTimeout: false };
    const ours = { clientId: 'msk-checkup', logger: silent, reauthenticationThreshold: RENEWED_BEFORE_END_MS };
    super({ ...options, ...noTimers, ...ours });
    this.onUnfit = onUnfit;
    this.mechanism = options.sasl?.mechanism;
    this.readData = readData;
    this.watch = new SilenceWatch(
      silenceMs,
      () => this.requestQueue.inflight.size > 0,
      () => onUnfit('request-timeout'),
    );
    this.watchQueue();
    this.obeyThrottle();
  }

  /** How many requests may be unanswered at once; the others wait. */
  limitInFlight(count: number): void {
    this.requestQueue.maxInFlightRequests = count;
  }

  /** The single send door: SASL inside kafkajs passes it too. */
  override send(exchange: Exchange): Promise<unknown> {
    const { apiKey } = exchange.request;
    if (!isAllowedApiKey(apiKey, { readData: this.readData }))
      throw new Error(`Kafka API key ${apiKey} is not on the allow-list`);
    const isSasl = apiKey === SASL_HANDSHAKE || apiKey === SASL_AUTHENTICATE;
    return super.send(isSasl ? this.distrusting(exchange) : exchange);
  }

  override processData(bytes: Buffer): void {
    this.watch.heard();
    const unfit = this.hasHeard ? null : unfitGreeting(bytes);
    this.hasHeard = true;
    if (unfit === null) this.processFrames(bytes);
    else this.onUnfit(unfit);
  }

  /** Ends the socket at once; what is unanswered rejects with the error. */
  end(error: Error): void {
    this.watch.stop();
    this.rejectRequests(error);
    void this.disconnect();
    // With an error, because only that ends kafkajs's own timer of a connection that is still being opened.
    this.socket?.destroy(error);
  }

  /** The same exchange, for an answer that kafkajs may only see when nothing is wrong with it. */
  private distrusting({ request, response, ...rest }: Exchange): Exchange {
    const decode = async (bytes: Buffer): Promise<unknown> => {
      const fault = saslFault(request.apiKey, this.mechanism, bytes);
      if (fault === null) return response.decode(bytes);
      this.onUnfit(fault.kind, fault.about);
      throw new Error(`refused: ${fault.kind}`);
    };
    return { ...rest, request, response: { ...response, decode } };
  }

  private processFrames(bytes: Buffer): void {
    try {
      super.processData(bytes);
      if (this.bytesNeeded > MAX_ANSWER_BYTES) this.onUnfit('not-kafka');
    } catch {
      this.onUnfit('not-kafka'); // a negative size; kafkajs would throw out of the socket's event
    }
  }

  private watchQueue(): void {
    const queue = this.requestQueue;
    const send = queue.sendSocketRequest.bind(queue);
    queue.sendSocketRequest = (request) => {
      if (queue.inflight.size === 0) this.watch.begin();
      send(request);
    };
    const fulfill = queue.fulfillRequest.bind(queue);
    queue.fulfillRequest = (answer) => {
      // Frames that nobody asked for are no answers, however many there come.
      if (queue.inflight.has(answer.correlationId)) this.watch.answered();
      fulfill(answer);
    };
  }

  private obeyThrottle(): void {
    const queue = this.requestQueue;
    const throttle = queue.maybeThrottle.bind(queue);
    queue.maybeThrottle = (throttleMs) => {
      throttle(throttleMs);
      // The broker leaves also what it has already received unread until then (KIP-219).
      if (queue.throttledUntil > Date.now()) this.watch.mutedUntil(queue.throttledUntil);
    };
    // An answer makes room for the next request, and may be the one that asks for silence: it is decoded first.
    let isCheckDue = false;
    const check = queue.checkPendingRequests.bind(queue);
    queue.checkPendingRequests = () => {
      if (queue.pending.length === 0) return;
      isCheckDue = true;
      setImmediate(() => {
        isCheckDue = false;
        check();
      });
    };
    const mayLeave = queue.canSendSocketRequestImmediately.bind(queue);
    queue.canSendSocketRequestImmediately = () => !isCheckDue && mayLeave();
    // kafkajs#1751: with nothing throttled it sets a timer in the past, and Node 24 warns on stderr each time.
    const schedule = queue.scheduleCheckPendingRequests.bind(queue);
    queue.scheduleCheckPendingRequests = () => {
      if (queue.pending.length > 0 && queue.throttledUntil > Date.now()) schedule();
    };
  }
}

/** What an answer's first bytes give away: a TLS alert, or text of another protocol, is no Kafka frame. */
function unfitGreeting(bytes: Buffer): FaultKind | null {
  if (bytes[0] === TLS_ALERT && bytes[1] === 3) return 'tls-expected';
  return bytes.length >= 4 && bytes.readUInt32BE(0) > MAX_ANSWER_BYTES ? 'not-kafka' : null;
}
