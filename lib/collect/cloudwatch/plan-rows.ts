// Which rows of the metric catalogue a cluster publishes, under which spelling, and which of the wanted ones it does not.
import {
  METRICS,
  type MetricClusterKind,
  type MetricCondition,
  type MetricDefinition,
  type MonitoringLevel,
} from '../../facts/metric-catalogue.ts';
import type { UnavailableMetric } from './plan-batches.ts';

/** What of a cluster decides which metrics exist; null is not known, and then the metric is asked for. */
export interface ClusterFeatures {
  burstable: boolean | null;
  zookeeper: boolean | null;
  tiered: boolean | null;
  intelligentRebalancing: boolean | null;
  /** As MSK spells it: `3.9.x.kraft`, `2.8.2.tiered`. */
  kafkaVersion: string | null;
  authentication: Readonly<Record<ClientAuthentication, boolean | null>>;
}

export type ClientAuthentication = 'iam' | 'scram' | 'tls' | 'unauthenticated';

export const UNKNOWN_FEATURES: ClusterFeatures = {
  burstable: null,
  zookeeper: null,
  tiered: null,
  intelligentRebalancing: null,
  kafkaVersion: null,
  authentication: { iam: null, scram: null, tls: null, unauthenticated: null },
};

export interface MetricSubject {
  /** `provisioned-unknown`: Standard or Express; only what both publish is asked for. */
  kind: MetricClusterKind | 'provisioned-unknown';
  enhancedMonitoring: MonitoringLevel | 'unknown';
  /** Absent: nothing is known. */
  features?: ClusterFeatures | undefined;
}

const ROWS: readonly MetricDefinition[] = Object.values(METRICS);
const LEVELS: readonly MonitoringLevel[] = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'];

/** Rows that somebody needs and that the cluster publishes, in the order of the catalogue. An unknown level is taken as the free one. */
export function wantedRows(subject: MetricSubject): MetricDefinition[] {
  const level = subject.enhancedMonitoring === 'unknown' ? 'DEFAULT' : subject.enhancedMonitoring;
  return ROWS.filter(
    (row) => row.need !== undefined && isPossible(row, subject) && LEVELS.indexOf(row.level) <= LEVELS.indexOf(level),
  );
}

/** Rows that somebody needs and that the cluster does not publish: by its level, or never. */
export function unavailableRows(subject: MetricSubject): UnavailableMetric[] {
  const wanted = ROWS.filter((row) => row.need !== undefined);
  const published = new Set(wantedRows(subject));
  const possibleNames = new Set(ROWS.filter((row) => isPossible(row, subject)).map((row) => row.name));
  const told = new Set<string>();
  return wanted.flatMap((row): UnavailableMetric[] => {
    if (published.has(row)) return [];
    const { name: metric, dimensions, level } = row;
    if (isPossible(row, subject)) {
      const reason = subject.enhancedMonitoring === 'unknown' ? 'not-requested' : 'not-enabled';
      return [{ metric, dimensions, reason, level }];
    }
    // Another kind's form of a metric that this kind has in its own.
    if (possibleNames.has(metric) || told.has(metric)) return [];
    told.add(metric);
    // Of one kind of brokers at least, it may well be published.
    const reason = subject.kind === 'provisioned-unknown' ? 'not-requested' : 'not-supported';
    return [{ metric, dimensions, reason }];
  });
}

function isPossible(row: MetricDefinition, { kind, features = UNKNOWN_FEATURES }: MetricSubject): boolean {
  const kinds: readonly MetricClusterKind[] =
    kind === 'provisioned-unknown' ? ['provisioned-standard', 'provisioned-express'] : [kind];
  return (
    kinds.every((each) => row.kinds.includes(each)) && (row.condition === undefined || isMet(row.condition, features))
  );
}

function isMet(condition: MetricCondition, features: ClusterFeatures): boolean {
  switch (condition) {
    case 'burstable':
      return features.burstable !== false;
    case 'zookeeper':
      return features.zookeeper !== false;
    case 'tiered':
      return features.tiered !== false;
    case 'iam':
      return features.authentication.iam !== false;
    case 'intelligent-rebalancing':
      return features.intelligentRebalancing !== false;
    case 'before-kafka-4':
      return isBefore(features.kafkaVersion, '4.0') ?? true;
  }
}

/** Names to ask for: the row's own and its other spellings, or only the one that a cluster of this age knows. */
export function spellings(row: MetricDefinition, { features = UNKNOWN_FEATURES }: MetricSubject): string[] {
  const others = row.otherNames ?? [];
  const former = others.find(({ before }) => before !== undefined && isBefore(features.kafkaVersion, before) === true);
  if (former !== undefined) return [former.name];
  return [row.name, ...others.filter(({ before }) => before === undefined).map(({ name }) => name)];
}

/** Null when the version is not known or has no numbers. */
function isBefore(version: string | null, limit: string): boolean | null {
  const [own, other] = [version, limit].map((each) => /^(\d+)\.(\d+)/.exec(each ?? ''));
  if (!own || !other) return null;
  return Number(own[1]) - Number(other[1]) < 0 || (own[1] === other[1] && Number(own[2]) < Number(other[2]));
}

/**
 * Values of the dimension `Client Authentication`. `SSL`, `SASL_SCRAM` and `IAM` are in AWS's skill for agents (2026-08-20); unverified:
 * `Unauthenticated`, which a migration tool's queries expect (https://github.com/confluentinc/kcp), and which AWS prints nowhere.
 */
const AUTHENTICATION_VALUES: Readonly<Record<ClientAuthentication, string>> = {
  iam: 'IAM',
  scram: 'SASL_SCRAM',
  tls: 'SSL',
  unauthenticated: 'Unauthenticated',
};

/** Ways of authentication that the cluster may have clients by, as CloudWatch names them. */
export function authenticationValues({ features = UNKNOWN_FEATURES }: MetricSubject): string[] {
  const ways = Object.keys(AUTHENTICATION_VALUES) as ClientAuthentication[];
  return ways.filter((way) => features.authentication[way] !== false).map((way) => AUTHENTICATION_VALUES[way]);
}
