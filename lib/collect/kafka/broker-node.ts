// A broker of the cluster and the way to it. All our requests are reads: one that died with its connection is asked again.
import type { BrokerConnection } from './broker-connection.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { Api } from './protocol/api.ts';

/** A request is asked at most this often, */
const MAX_TRIES = 2;
/** and a broker gets at most this many new connections in a run. */
const MAX_RECONNECTS = 4;

interface Asked {
  /** Connections that broke while this was the oldest unanswered request. */
  losses: number;
}

export class BrokerNode {
  readonly id: number;
  readonly address: string;
  /** Why the broker is not asked any more in this run. */
  fault: ConnectionFault | null = null;
  private connection: BrokerConnection | null = null;
  private readonly reconnect: () => Promise<BrokerConnection>;
  private reconnecting: Promise<BrokerConnection> | null = null;
  private reconnects = 0;
  private lost: ConnectionFault | null = null;
  /** In the order of asking, which is Kafka's order of answering. */
  private readonly unanswered = new Set<Asked>();

  /** @param reconnect a new connection, ready to be asked; rejects with a ConnectionFault */
  constructor(id: number, address: string, reconnect: () => Promise<BrokerConnection>) {
    this.id = id;
    this.address = address;
    this.reconnect = reconnect;
  }

  /** Takes the first connection, or why there is none. */
  begin(connection: BrokerConnection | ConnectionFault): this {
    if (connection instanceof ConnectionFault) this.fault = connection;
    else this.connection = connection;
    return this;
  }

  /** Whether a version of this API is spoken, as far as the broker is connected. */
  speaks(api: Api<never, unknown>): boolean {
    return this.connection?.speaks(api) ?? true;
  }

  /** Asks this broker nothing more, for this reason unless there is one already. */
  giveUp(fault: ConnectionFault): void {
    this.fault ??= fault;
    this.connection?.close(fault);
    this.connection = null;
  }

  uses(connection: BrokerConnection): boolean {
    return this.connection === connection;
  }

  /**
   * Asks the broker. When the connection breaks, everything unanswered is asked once more on a new one. Only the oldest request is
   * charged with the loss: brokers answer in order, so the others had not had their turn.
   * @throws ConnectionFault that of the broker when it is not asked any more, else one of this request alone
   */
  async ask<Input, Answer>(api: Api<Input, Answer>, input: Input): Promise<Answer> {
    const asked: Asked = { losses: 0 };
    this.unanswered.add(asked);
    try {
      for (;;) {
        const connection = await this.connected();
        try {
          return await connection.ask(api, input);
        } catch (error) {
          if (!(error instanceof ConnectionFault) || !error.endsConnection) throw error;
          this.lose(connection, error);
          if (asked.losses === MAX_TRIES) throw error;
        }
      }
    } finally {
      this.unanswered.delete(asked);
    }
  }

  private lose(connection: BrokerConnection, fault: ConnectionFault): void {
    if (connection !== this.connection) return; // another request that died with it was first to notice
    this.connection = null;
    this.lost = fault;
    const [oldest] = this.unanswered;
    if (oldest !== undefined) oldest.losses++;
    // A silent broker, a wrong password or the end of the run are not mended by another connection.
    if (fault.kind !== 'closed') this.fault = fault;
  }

  private connected(): Promise<BrokerConnection> {
    if (this.fault !== null) throw this.fault;
    if (this.connection !== null) return Promise.resolve(this.connection);
    this.reconnecting ??= this.connectAgain();
    return this.reconnecting;
  }

  /** One for all that wait for it. */
  private async connectAgain(): Promise<BrokerConnection> {
    try {
      if (this.reconnects++ === MAX_RECONNECTS && this.lost !== null) throw this.lost;
      this.connection = await this.reconnect();
      return this.connection;
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
      // That it hung up says more than that it cannot be reached any more.
      this.fault = error.reason === 'unreachable' && this.lost !== null ? this.lost : error;
      throw this.fault;
    } finally {
      this.reconnecting = null;
    }
  }
}
