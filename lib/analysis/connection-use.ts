// How much of what MSK allows with IAM authentication a broker's clients use (K32): connections, and new ones a second. Without IAM nothing
// limits them but `max.connections` of the cluster's own configuration.
import type { MaskedInterval } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { IAM_CONNECTIONS } from '../facts/msk-quotas.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { type ConfigInputs, effectiveNumber } from './effective-config.ts';
import { findSeries, perMinute, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';

type Metrics = SectionValue<'metrics'>;

export interface IamLimits {
  connections: number;
  newPerSec: number;
  /** Who says the limit on connections. */
  source: string;
}

const LIMIT_KEYS = ['listener.name.client_iam.max.connections', 'listener.name.client_iam_public.max.connections'];

/** What one broker of this cluster takes: the lower of two listeners' limits where they are set. */
export function iamLimits(inputs: ConfigInputs): IamLimits {
  const set = LIMIT_KEYS.flatMap((key) => {
    const found = effectiveNumber(key, inputs);
    return found !== null && found.number > 0 && found.number <= MAX_INT ? [found] : [];
  });
  const lowest = set.sort((a, b) => a.number - b.number)[0];
  const { cluster } = inputs;
  const isT3 = cluster.ok && cluster.value.kind !== 'serverless' && cluster.value.instanceType.startsWith('kafka.t3.');
  return {
    connections: lowest?.number ?? IAM_CONNECTIONS.perBroker,
    newPerSec: isT3 ? IAM_CONNECTIONS.newPerSecT3 : IAM_CONNECTIONS.newPerSec,
    source: lowest === undefined ? "MSK's quota" : `${lowest.key}, ${lowest.source}`,
  };
}

/** Kafka's word for "no limit". */
const MAX_INT = 2_147_483_646;

/** Whether clients of this cluster may come in with IAM; null when nobody tells. */
export function hasIam(security: Collected<SectionValue<'security'>>, metrics: Metrics): boolean | null {
  if (security.ok && security.value.authentication.iam !== null) return security.value.authentication.iam;
  const seen = findSeries(metrics, METRICS.clientConnections, { 'Client Authentication': 'IAM' });
  return seen.some(({ values }) => values.some((value) => value !== null)) ? true : null;
}

const NOTHING_MASKED: readonly MaskedInterval[] = [];

/** Client connections by broker: of one way of authentication, or of all; by the minute. */
export function connectionsByBroker(
  metrics: Metrics,
  masked: readonly MaskedInterval[] = NOTHING_MASKED,
  authentication?: string,
): Map<string, TrustedSeries> {
  const wanted: Record<string, string> =
    authentication === undefined ? {} : { 'Client Authentication': authentication };
  const series = findSeries(metrics, METRICS.clientConnections, wanted).map((each) =>
    perMinute(trustedPoints(each, { masked })),
  );
  const byBroker = Map.groupBy(series, ({ dimensions }) => dimensions['Broker ID'] ?? '');
  // A way of authentication that nobody uses has no points, which is no gap of the sum.
  return new Map(
    [...byBroker].map(([id, ways]) => [id, ways.length === 1 ? ways[0]! : sumByTimestamp(ways, { silentAfterSec: 0 })]),
  );
}
