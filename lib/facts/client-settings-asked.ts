// The settings of clients that would mend what a check finds, in the words of each library.
import type { Goal } from '../policy/environment.ts';
import type { CheckId } from '../policy/thresholds/index.ts';
import { type AdvisedRole, adviceFor, noteFor } from './client-advice.ts';
import type { ClientLibrary } from './client-libraries.ts';

interface AskedSettings {
  role: AdvisedRole;
  /** Kafka's names. */
  names: readonly string[];
  /** Where it is not the cluster's that decides. */
  goal?: Goal;
}

/** The settings that would mend what a check finds: only checks whose findings the clients' settings mend. */
export const ASKED_BY: Readonly<Partial<Record<CheckId, AskedSettings>>> = {
  'acks-weak': { role: 'producer', names: ['acks', 'retries', 'delivery.timeout.ms', 'enable.idempotence'] },
  'producers-not-idempotent': {
    role: 'producer',
    names: ['enable.idempotence', 'acks', 'retries', 'max.in.flight.requests.per.connection'],
  },
  'batches-small': { role: 'producer', names: ['linger.ms', 'batch.size', 'buffer.memory', 'compression.type'] },
  // Who pays for gzip's CPU wants its ratio: zstd has it for less.
  'codec-heavy': { role: 'producer', names: ['compression.type'], goal: 'cost' },
  'traffic-uncompressed': { role: 'producer', names: ['compression.type', 'linger.ms', 'batch.size'] },
  'broker-recompression': { role: 'producer', names: ['compression.type'] },
  'rebalances-frequent': {
    role: 'consumer',
    names: ['group.instance.id', 'session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy'],
  },
  'assignor-eager': { role: 'consumer', names: ['partition.assignment.strategy', 'group.instance.id'] },
  'fetches-inefficient': { role: 'consumer', names: ['fetch.min.bytes', 'fetch.max.wait.ms'] },
  'commits-excessive': { role: 'consumer', names: ['auto.commit.interval.ms'] },
  'readers-cross-az': { role: 'consumer', names: ['client.rack'] },
};

export interface SettingOfLibraries {
  /** Kafka's name. */
  name: string;
  reason: string;
  /** `linger.ms=10` in the library's words, null where it has no such setting; and what there is to know beside it. */
  libraries: Readonly<Partial<Record<ClientLibrary, { line: string | null; note: string | null }>>>;
}

/** What the findings of these checks ask for, each setting once, in the order of the checks. */
export function settingsFor(
  checkIds: readonly CheckId[],
  libraries: readonly ClientLibrary[],
  goal: Goal,
): SettingOfLibraries[] {
  const asked = checkIds.flatMap((id) => ASKED_BY[id] ?? []);
  return [...new Set(asked.flatMap(({ names }) => names))].flatMap((name) => {
    const own = asked.find((each) => each.goal !== undefined && each.names.includes(name))?.goal ?? goal;
    const advice = adviceFor('java', name, own);
    if (advice === null) return [];
    const of = (library: ClientLibrary) => {
      const { key, value } = adviceFor(library, name, own) ?? {};
      return [library, { line: key === undefined ? null : `${key}=${value}`, note: noteFor(library, name) }];
    };
    return { name, reason: advice.reason, libraries: Object.fromEntries(libraries.map(of)) };
  });
}
