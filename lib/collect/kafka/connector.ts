// Opens the connections of one run: paced, within the run's time, and all closed with it.
import { BrokerConnection } from './broker-connection.ts';
import { ConnectionFault } from './connection-fault.ts';
import { ConnectionPace } from './connection-pace.ts';
import type { KafkaAuth } from './kafka-auth.ts';
import type { RunClock } from './run-clock.ts';

export interface BrokerAddress {
  host: string;
  port: number;
}

const CONNECT_TIMEOUT_MS = 4_000;
/** One silent broker costs a run this much. Our requests are small reads, cut into parts where an answer would be large. */
export const REQUEST_TIMEOUT_MS = 5_000;
/** Over all connections together. */
const MAX_IN_FLIGHT = 200;

export class Connector {
  private readonly auth: KafkaAuth;
  private readonly clock: RunClock;
  private readonly readData: boolean;
  private readonly pace: ConnectionPace;
  private readonly connections = new Set<BrokerConnection>();
  private inFlightPerConnection = MAX_IN_FLIGHT;
  private isClosed = false;

  /** @param readData whether the requests that need READ on a topic may leave, too */
  constructor(auth: KafkaAuth, clock: RunClock, readData: boolean) {
    this.auth = auth;
    this.clock = clock;
    this.readData = readData;
    this.pace = new ConnectionPace(() => clock.now());
  }

  /**
   * Opens a connection and introduces it; closed again when either fails.
   * @throws ConnectionFault
   */
  async open<Said>(
    { host, port }: BrokerAddress,
    introduce: (connection: BrokerConnection) => Promise<Said>,
  ): Promise<{ connection: BrokerConnection; said: Said }> {
    const address = `${host}:${port}`;
    await this.clock.sleep(this.pace.book(address));
    if (this.isClosed || this.clock.stopped !== null) throw this.stopFault(address);
    const remainingMs = this.clock.remainingMs();
    const connection = new BrokerConnection({
      host,
      port,
      auth: this.auth,
      connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, remainingMs),
      requestTimeoutMs: Math.min(REQUEST_TIMEOUT_MS, remainingMs),
      readData: this.readData,
      now: () => this.clock.now(),
    });
    connection.limitInFlight(this.inFlightPerConnection);
    this.connections.add(connection);
    try {
      await connection.open();
      return { connection, said: await introduce(connection) };
    } catch (error) {
      connection.close();
      this.connections.delete(connection);
      throw error;
    }
  }

  /** Shares the requests that may be unanswered at once among this many brokers. */
  shareAmong(brokers: number): void {
    this.inFlightPerConnection = Math.max(1, Math.floor(MAX_IN_FLIGHT / Math.max(1, brokers)));
    for (const connection of this.connections) connection.limitInFlight(this.inFlightPerConnection);
  }

  /** Closes all connections that are not wanted. */
  keepOnly(isWanted: (connection: BrokerConnection) => boolean): void {
    for (const connection of this.connections) {
      if (isWanted(connection)) continue;
      connection.close();
      this.connections.delete(connection);
    }
  }

  /** Ends all sockets, for good; what is unanswered fails with the reason the run was stopped for. */
  close(): void {
    this.isClosed = true;
    for (const connection of this.connections) connection.close(this.stopFault(connection.address));
    this.connections.clear();
  }

  private stopFault(address: string): ConnectionFault {
    return new ConnectionFault(this.clock.stopped ?? 'interrupted', address, this.auth);
  }
}
