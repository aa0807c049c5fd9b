// The first answer of a cluster, from any of the addresses the user knows.
import type { BrokerConnection } from './broker-connection.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { BrokerAddress, Connector } from './connector.ts';
import { firstAnswer } from './first-answer.ts';
import type { BrokerVersions } from './protocol/api.ts';
import { apiVersions } from './protocol/api-versions.ts';
import { type MetadataAnswer, metadata } from './protocol/metadata.ts';
import type { RunClock } from './run-clock.ts';

/** What the first broker that answered said. */
export interface FirstWord {
  versions: BrokerVersions;
  metadata: MetadataAnswer;
  metadataAtMs: number;
}

interface Introduced extends FirstWord {
  connection: BrokerConnection;
}

/** A connection may break while it is being opened, and the next one too. */
export const OPENING_TRIES = 3;
export const RETRY_AFTER_MS = 300;
/** A bootstrap broker silent for this long keeps its chance while the next one is asked as well. */
const PATIENCE_MS = 1_500;

export class Bootstrap {
  private readonly connector: Connector;
  private readonly clock: RunClock;
  private readonly tries = new Map<string, Promise<Introduced | ConnectionFault>>();

  constructor(connector: Connector, clock: RunClock) {
    this.connector = connector;
    this.clock = clock;
  }

  /**
   * Asks one address after the other for the metadata. "Connected" means an answer after authentication: a broker may take a bad
   * token and refuse what follows.
   * @throws ConnectionFault of the last address, or the first that no other address can mend
   */
  async firstWord(addresses: readonly string[]): Promise<FirstWord> {
    const faults: ConnectionFault[] = [];
    for (let round = 1; round <= OPENING_TRIES; round++) {
      const attempt = async (address: string): Promise<FirstWord | null> => {
        const outcome = await this.try(hostAndPort(address));
        if (!(outcome instanceof ConnectionFault)) return outcome;
        if (isFinal(outcome)) throw outcome;
        faults.push(outcome);
        return null;
      };
      const answer = await firstAnswer([...new Set(addresses)], attempt, PATIENCE_MS);
      if (answer !== null) return answer;
      if (round === OPENING_TRIES || !faults.some(isWorthAnother)) break;
      await this.clock.sleep(RETRY_AFTER_MS);
    }
    throw faults.find(hasAnswered) ?? faults[0] ?? new Error('no bootstrap broker is given');
  }

  /**
   * The connection to this address, or why there is none; null when it is still to be opened, or opened anew after an answer that
   * made no sense. A broker that is silent since the search began is waited for to the end of its time, and not given that time anew.
   */
  async connectionTo(address: string): Promise<BrokerConnection | ConnectionFault | null> {
    const outcome = await this.tries.get(address);
    if (outcome instanceof ConnectionFault)
      return isWorthAnother(outcome) || outcome.kind === 'malformed' ? null : outcome;
    return outcome?.connection ?? null;
  }

  private try({ host, port }: BrokerAddress): Promise<Introduced | ConnectionFault> {
    const tried = this.introduce({ host, port }).catch((error: unknown) => {
      if (error instanceof ConnectionFault) return error;
      throw error;
    });
    this.tries.set(`${host}:${port}`, tried);
    return tried;
  }

  private async introduce(address: BrokerAddress): Promise<Introduced> {
    const { connection, said } = await this.connector.open(address, async (connection) => {
      const { versions } = await connection.ask(apiVersions, null);
      await connection.authenticate(versions, 'asking');
      const answer = await connection.ask(metadata, null);
      return { versions, metadata: answer, metadataAtMs: this.clock.now() };
    });
    return { connection, ...said };
  }
}

/** A broker that restarts or is short of connections for a moment. A hang-up is taken for a wish for authentication, and may be that. */
export function isWorthAnother({ kind }: ConnectionFault): boolean {
  return kind === 'closed' || kind === 'throttled' || kind === 'auth-expected';
}

/** The next broker would say the same, and repeated bad passwords lock accounts. */
function isFinal(fault: ConnectionFault): boolean {
  return fault.reason === 'not-permitted' && !isWorthAnother(fault);
}

/** Of several faults the one that shows that something answered says most. */
function hasAnswered({ kind }: ConnectionFault): boolean {
  return kind !== 'refused' && kind !== 'unknown-host' && kind !== 'no-route' && kind !== 'connect-timeout';
}

/** `host:port`, also `[::1]:9092`. The caller has checked the shape. */
function hostAndPort(address: string): BrokerAddress {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}
