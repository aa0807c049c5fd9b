// A proxy in front of one real broker: the witness of what a client asks, and the place where the network goes wrong. It shares
// no code with the product.
import { createServer, type Server } from 'node:net';
import { ProxiedConnection } from './connection.ts';
import { FaultSwitch, type ProxiedRequest, type ProxyFaults } from './faults.ts';

export class BrokerProxy {
  readonly brokerId: number;
  /** In the order of their arrival; of listeners without TLS only. */
  readonly requests: ProxiedRequest[] = [];
  readonly #faults = new FaultSwitch();
  readonly #doors: { server: Server; port: number }[] = [];
  readonly #open = new Set<ProxiedConnection>();
  #connections = 0;
  #brokerIsUp = true;

  constructor(brokerId: number) {
    this.brokerId = brokerId;
  }

  /** Listens on a port of 127.0.0.1 and passes all on to the broker's own. `framed`: what passes is readable, not TLS. */
  async listen(brokerPort: number, framed: boolean): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#connections += 1;
      const watch = { brokerId: this.brokerId, requests: this.requests, faults: this.#faults };
      const connection = new ProxiedConnection({ ...watch, id: this.#connections, client, brokerPort, framed });
      this.#open.add(connection);
      client.once('close', () => this.#open.delete(connection));
    });
    const port = await listenOn(server, 0);
    this.#doors.push({ server, port });
    return port;
  }

  /** From now on exactly these faults; counters and the seed begin anew. Resolves when they hold. */
  async set(faults: ProxyFaults): Promise<void> {
    this.#faults.set(faults);
    await this.#openOrShutDoors();
  }

  heal(): Promise<void> {
    return this.set({});
  }

  /** A port on which nothing listens refuses, and so must the proxy of a broker that is down. */
  async brokerIs(state: 'up' | 'down'): Promise<void> {
    this.#brokerIsUp = state === 'up';
    await this.#openOrShutDoors();
  }

  /** Taken so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Those that clients have not closed. */
  get openConnections(): number {
    return [...this.#open].filter(({ clientHasLeft }) => !clientHasLeft).length;
  }

  /** Requests that `dropRandomly` has struck so far. */
  get drops(): number {
    return this.#faults.drops;
  }

  /** What the broker answered to the recorded requests. */
  get answerBytes(): number {
    return this.requests.reduce((sum, { answerBytes }) => sum + (answerBytes ?? 0), 0);
  }

  forgetRequests(): void {
    this.requests.length = 0;
  }

  async close(): Promise<void> {
    for (const connection of this.#open) connection.destroy();
    await Promise.all(this.#doors.map(({ server }) => shut(server)));
  }

  async #openOrShutDoors(): Promise<void> {
    const mayOpen = this.#brokerIsUp && this.#faults.active?.refuse !== true;
    for (const { server, port } of this.#doors) {
      if (mayOpen && !server.listening) await listenOn(server, port);
      if (!mayOpen && server.listening) void shut(server);
    }
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** Stops listening at once; resolves when the last connection is gone. */
function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
