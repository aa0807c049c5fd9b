// One connection to one broker: opened, authenticated, asked. kafkajs supplies framing, TLS and SASL (transport.ts).
import net from 'node:net';
import tls from 'node:tls';
import { type ConnectionStage, classifyFault } from './classify-fault.ts';
import { ConnectionFault } from './connection-fault.ts';
import { type KafkaAuth, tlsOptionsOf } from './kafka-auth.ts';
import { type Api, type BrokerVersions, decodeAnswer, encodeRequest, versionFor } from './protocol/api.ts';
import { saslOptionsOf } from './sasl.ts';
import { type Exchange, type OpenSocket, Transport } from './transport.ts';

export interface ConnectionTarget {
  host: string;
  port: number;
  auth: KafkaAuth;
  connectTimeoutMs: number;
  /** How long the broker may owe an answer without a word. */
  requestTimeoutMs: number;
  /** Whether the requests that need READ on a topic may leave, too. */
  readData: boolean;
  now: () => number;
}

const KEEP_ALIVE_MS = 60_000;

/** Faults reject as ConnectionFault. A connection that failed once stays failed; open another one. */
export class BrokerConnection {
  readonly address: string;
  private readonly target: ConnectionTarget;
  private readonly transport: Transport;
  private stage: ConnectionStage = 'connecting';
  private versions: BrokerVersions = new Map();
  private fault: ConnectionFault | null = null;
  /** Ends what is under way. Not a promise to race with: that would hold every answer for as long as the connection lives. */
  private readonly underWay = new Set<(fault: ConnectionFault) => void>();

  constructor(target: ConnectionTarget) {
    this.target = target;
    this.address = `${target.host}:${target.port}`;
    this.transport = new Transport({
      host: target.host,
      port: target.port,
      ssl: tlsOptionsOf(target.auth),
      sasl: saslOptionsOf(target.auth, target.now),
      connectionTimeout: target.connectTimeoutMs,
      silenceMs: target.requestTimeoutMs,
      readData: target.readData,
      socketFactory: (options) => this.openSocket(options),
      onUnfit: (kind, about) => this.close(new ConnectionFault(kind, this.address, target.auth, about)),
    });
  }

  /** TCP and TLS. Says nothing yet about authentication. */
  async open(): Promise<void> {
    await this.guard(() => this.transport.connect());
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

  /** How many requests may be unanswered at once; the others wait. */
  limitInFlight(count: number): void {
    this.transport.limitInFlight(count);
  }

  /** Sends one request and reads its answer. Errors inside the answer are part of it. */
  async ask<Input, Answer>(api: Api<Input, Answer>, input: Input): Promise<Answer> {
    const version = this.stage === 'versions' ? (api.versions[0] ?? 0) : versionFor(api, this.versions);
    if (version === null) throw new ConnectionFault('unsupported', this.address, this.target.auth, api.name);
    const body = encodeRequest(api, version, input);
    const exchange: Exchange = {
      request: {
        apiKey: api.key,
        apiVersion: version,
        apiName: api.name,
        encode: async () => ({ buf: body, buffer: body }),
      },
      response: {
        // kafkajs keeps the connection still for `clientSideThrottleTime`.
        decode: async (bytes) => {
          const { answer, throttleMs } = decodeAnswer(api, version, bytes);
          return { answer, clientSideThrottleTime: throttleMs };
        },
        parse: async (decoded) => (decoded as { answer: Answer }).answer,
      },
      logResponseError: false,
    };
    const answer = (await this.guard(() => this.transport.send(exchange), `${api.name} v${version}`)) as Answer;
    if (this.stage === 'asking') this.stage = 'answered';
    return answer;
  }

  /** Whether both sides speak a version of this API. */
  speaks(api: Api<never, unknown>): boolean {
    return versionFor(api, this.versions) !== null;
  }

  /** Ends the socket at once; whatever is still under way rejects with `fault`. */
  close(fault = new ConnectionFault('interrupted', this.address, this.target.auth)): void {
    if (this.fault !== null) return;
    this.fault = fault;
    for (const reject of this.underWay) reject(fault);
    this.transport.end(fault);
  }

  /** The first fault of the connection ends it, and is the fault of everything that was unanswered. */
  private async guard<T>(work: () => Promise<T>, request = ''): Promise<T> {
    if (this.fault !== null) throw this.fault;
    try {
      return await this.untilClosed(work);
    } catch (error) {
      const fault = this.fault ?? classifyFault(error, this.stage, this.address, this.target.auth, request);
      if (fault.endsConnection) this.close(fault);
      throw fault;
    }
  }

  /** A step may wait for what is no socket, as for AWS credentials: it ends with the connection all the same. */
  private untilClosed<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.underWay.add(reject);
      const settle = (end: () => void): void => {
        this.underWay.delete(reject);
        end();
      };
      work().then(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      );
    });
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
