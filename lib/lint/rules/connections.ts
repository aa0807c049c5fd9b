// Rules about how often a client comes back to the brokers.
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import type { Block, Draft, LintRule } from '../lint-types.ts';
import { CLIENTS, line, MSK_GUIDE, numeric, severities, shown } from '../rule.ts';

const LIMITS = CONFIG_LIMITS.client;

/** The least of each, and the value to write instead. */
const PAUSES: readonly [name: string, leastMs: number, rightMs: string][] = [
  ['reconnect.backoff.ms', LIMITS.minReconnectBackoffMs, '1000'],
  ['retry.backoff.ms', LIMITS.minRetryBackoffMs, '100'],
  ['connections.max.idle.ms', LIMITS.minConnectionIdleMs, '540000'],
];

export const connectionChurn: LintRule = {
  id: 'connection-churn',
  kinds: CLIENTS,
  severity: severities('medium', 'low', 'info'),
  what: 'A client that comes back without a pause, or hangs up at once',
  why: 'while a broker restarts all its clients ask at the same time, and each new connection costs the brokers a handshake: with IAM they take 100 a second, t3 brokers 4',
  right: 'reconnect.backoff.ms of 1000, retry.backoff.ms of 100, connections.max.idle.ms of minutes',
  reference: `${MSK_GUIDE}/limits.html`,
  find: (block) =>
    PAUSES.flatMap(([name, leastMs, rightMs]): Draft[] => {
      const found = numeric(block, name);
      // Below 0 is never; so is an idle time of 0 in librdkafka.
      if (found === null || found.value < 0 || found.value >= leastMs) return [];
      if (found.value === 0 && name === 'connections.max.idle.ms' && block.library === 'librdkafka') return [];
      return [{ at: found.at, message: shown(found.at), right: line(block, name, inUnit(block, rightMs)) }];
    }),
};

function inUnit({ library }: Block, ms: string): string {
  return library === 'sarama' ? `${ms}ms` : ms;
}
