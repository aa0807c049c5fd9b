// One connection to one broker. kafkajs supplies the socket's framing, TLS, SASL and request timeouts; this file is the
// only one that touches its insides, and the single door through which a request leaves.
import net from 'node:net';
import tls from 'node:tls';
import Connection from 'kafkajs/src/network/connection.js';
import { ALLOWED_API_KEYS, isAllowedApiKey } from './api-keys.ts';
import { type ConnectionStage, classifyFault } from './classify-fault.ts';
import { ConnectionFault, type FaultKind } from './connection-fault.ts';
import { type KafkaAuth, tlsOptionsOf } from './kafka-auth.ts';
import { type Api, type BrokerVersions, decodeAnswer, encodeRequest, versionFor } from './protocol/api.ts';
import { saslOptionsOf } from './sasl.ts';

export interface ConnectionTarget {
  host: string;
  port: number;
  auth: KafkaAuth;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  now: () => number;
}

/** No answer of the requests we send comes near this; a larger one is not Kafka, or not for us. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const KEEP_ALIVE_MS = 60_000;
const TLS_ALERT = 0x15;

// kafkajs's errors reach us as errors; its log lines carry request contents.
const silent = { namespace: () => silent, info() {}, error() {}, warn() {}, debug() {} };

type Send = Parameters<Connection['send']>[0];

/** kafkajs's connection, with a lock on the door and no trust in what comes in. */
class Transport extends Connection {
  private readonly onUnfit: (kind: FaultKind) => void;
  private answered = false;

  constructor(options: ConstructorParameters<typeof Connection>[0], onUnfit: (kind: FaultKind) => void) {
    super(options);
    this.onUnfit = onUnfit;
    const queue = this.requestQueue;
    const schedule = queue.scheduleCheckPendingRequests.bind(queue);
    // kafkajs#1751: with nothing throttled it sets a timer in the past, and Node 24 warns on stderr each time.
    queue.scheduleCheckPendingRequests = () => {
      if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule();
    };
  }

  /** The single send door: SASL inside kafkajs passes it too. */
  override send(request: Send): Promise<unknown> {
    const { apiKey } = request.request;
    if (!isAllowedApiKey(apiKey)) throw new Error(`Kafka API key ${apiKey} is not on the allow-list`);
    return super.send(request);
  }

  override processData(bytes: Buffer): void {
    const unfit = this.answered ? null : unfitGreeting(bytes);
    this.answered = true;
    if (unfit === null) this.processFrames(bytes);
    else this.onUnfit(unfit);
  }

  private processFrames(bytes: Buffer): void {
    try {
      super.processData(bytes);
      if (this.bytesNeeded > MAX_ANSWER_BYTES) this.onUnfit('not-kafka');
    } catch {
      this.onUnfit('not-kafka'); // a negative size; kafkajs would throw out of the socket's event
    }
  }
}

/** What an answer's first bytes give away: a TLS alert, or text of another protocol, is no Kafka frame. */
function unfitGreeting(bytes: Buffer): FaultKind | null {
  if (bytes[0] === TLS_ALERT && bytes[1] === 3) return 'tls-expected';
  return bytes.length >= 4 && bytes.readUInt32BE(0) > MAX_ANSWER_BYTES ? 'not-kafka' : null;
}

/** Faults reject as ConnectionFault. A connection that failed once stays failed; open another one. */
export class BrokerConnection {
  readonly address: string;
  private readonly target: ConnectionTarget;
  private readonly transport: Transport;
  private stage: ConnectionStage = 'connecting';
  private versions: BrokerVersions = new Map();
  private fault: ConnectionFault | null = null;
  private failOpening: ((fault: ConnectionFault) => void) | null = null;

  constructor(target: ConnectionTarget) {
    this.target = target;
    this.address = `${target.host}:${target.port}`;
    this.transport = new Transport(
      {
        host: target.host,
        port: target.port,
        clientId: 'msk-checkup',
        logger: silent,
        ssl: tlsOptionsOf(target.auth),
        sasl: saslOptionsOf(target.auth, target.now),
        connectionTimeout: target.connectTimeoutMs,
        requestTimeout: target.requestTimeoutMs,
        socketFactory: (options) => this.openSocket(options),
      },
      (kind) => this.fail(kind),
    );
  }

  /** TCP and TLS. Says nothing yet about authentication. */
  async open(): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.failOpening = reject;
    });
    await this.guard(() => Promise.race([this.transport.connect(), failed]));
    this.stage = 'versions';
  }

  /**
   * @param versions what a broker of the cluster answered to ApiVersions: one question for all of them
   * @param next `asking` for the first broker, whose listener may still turn out to want other authentication
   */
  async authenticate(versions: BrokerVersions, next: 'asking' | 'answered' = 'answered'): Promise<void> {
    this.versions = versions;
    this.stage = 'authenticating';
    const ranges = [...versions].map(([key, { min, max }]) => [key, { minVersion: min, maxVersion: max }]);
    this.transport.setVersions(Object.fromEntries(ranges));
    this.transport.setSupportAuthenticationProtocol(true); // Kafka 1.0 and later
    await this.guard(() => this.transport.authenticate());
    this.stage = next;
  }

  supports(api: Api<never, unknown>): boolean {
    return versionFor(api, this.versions) !== null;
  }

  /** Sends one request and reads its answer. Errors inside the answer are part of it. */
  async ask<Input, Answer>(api: Api<Input, Answer>, input: Input): Promise<Answer> {
    const version = this.stage === 'versions' ? (api.versions[0] ?? 0) : versionFor(api, this.versions);
    if (version === null) throw new ConnectionFault('unsupported', this.address, this.target.auth, api.name);
    const body = encodeRequest(api, version, input);
    const exchange: Send = {
      request: {
        apiKey: api.key,
        apiVersion: version,
        apiName: ALLOWED_API_KEYS[api.key].name,
        encode: async () => ({ buf: body, buffer: body }),
      },
      response: { decode: async (bytes) => decodeAnswer(api, version, bytes), parse: async (answer) => answer },
      logResponseError: false,
    };
    const answer = (await this.guard(() => this.transport.send(exchange))) as Answer;
    if (this.stage === 'asking') this.stage = 'answered';
    return answer;
  }

  /** Ends the socket at once; what is still unanswered rejects with `fault`. */
  close(fault = new ConnectionFault('interrupted', this.address, this.target.auth)): void {
    this.fault ??= fault;
    this.failOpening?.(this.fault);
    this.transport.rejectRequests(this.fault);
    void this.transport.disconnect();
    this.transport.socket?.destroy();
  }

  private fail(kind: FaultKind): void {
    this.close(new ConnectionFault(kind, this.address, this.target.auth));
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.fault !== null) throw this.fault;
    try {
      return await work();
    } catch (error) {
      throw this.fault ?? classifyFault(error, this.stage, this.address, this.target.auth);
    }
  }

  private openSocket({ host, port, ssl, onConnect }: Parameters<OpenSocket>[0]): net.Socket {
    const socket =
      ssl === null ? net.connect({ host, port }, onConnect) : this.openTlsSocket(host, port, ssl, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // Pipelined small requests: with Nagle's algorithm each wave waits 40 ms for an acknowledgement.
    socket.setNoDelay(true);
    return socket;
  }

  private openTlsSocket(host: string, port: number, ssl: object, onConnect: () => void): net.Socket {
    try {
      return tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect);
    } catch {
      // Thrown for PEM text that cannot be read; the message quotes parts of it.
      this.fault = new ConnectionFault('client-pem', this.address, this.target.auth);
      throw this.fault;
    }
  }
}

type OpenSocket = ConstructorParameters<typeof Connection>[0]['socketFactory'];
