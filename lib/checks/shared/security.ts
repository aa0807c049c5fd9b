// What the checks on access share: which clusters they are about, the table of settings, and who is connected.
import { connectionsByBroker } from '../../analysis/connection-use.ts';
import type { ControlState } from '../../analysis/security-controls.ts';
import { findSeries } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterKind, Evidence, FindingDraft, RunContext, Severity } from '../check.ts';
import { awsKafka } from './commands.ts';

export const MSK_PROVISIONED: readonly ClusterKind[] = ['provisioned-standard', 'provisioned-express'];
export const NOT_SECURED_BY_US = {
  serverless: 'MSK Serverless takes IAM over TLS only, inside its VPC, and nobody can change that.',
  kafka: 'How a cluster outside MSK is secured, the Kafka protocol does not tell.',
} as const;

export const UPDATE_SECURITY = 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-security.html';

/** One finding for the whole cluster, or none. */
export function clusterFinding(
  state: ControlState,
  run: RunContext,
  severity: Severity,
  note: string,
  confidence = 1,
): FindingDraft[] {
  if (state !== 'unmet') return [];
  const nothing = { measured: null, limit: null, unit: 'count' } as const;
  return [{ scope: 'cluster', resource: run.clusterName, severity, ...nothing, note, confidence }];
}

/** Why a control that was not seen is no pass, for the middle of a sentence; null when it was seen. */
export function controlGap(state: ControlState, what: string): string | null {
  return state === 'unknown' || state === 'untold' ? `MSK did not say ${what}` : null;
}

const shown = (value: string | boolean | null) => (value === null ? null : String(value));

export function securityTable(
  title: string,
  settings: readonly (readonly [setting: string, value: string | boolean | null])[],
  run: RunContext,
): Evidence {
  const [reproduce] = awsKafka(run, 'describe-cluster-v2', { purpose: 'Show the security settings of the cluster' });
  return {
    title,
    columns: [
      { key: 'setting', label: 'Setting', as: 'name' },
      { key: 'value', label: 'Value', as: 'name' },
    ],
    rows: settings.map(([setting, value]) => ({ setting, value: shown(value) })),
    source: 'DescribeClusterV2',
    ...(reproduce === undefined ? {} : { reproduce }),
  };
}

/** Most client connections of a broker by way of authentication; none where CloudWatch has none. */
export function connectedTable(metrics: Collected<SectionValue<'metrics'>>, run: RunContext): Evidence[] {
  if (!metrics.ok) return [];
  const ways = findSeries(metrics.value, METRICS.clientConnections).map(
    ({ dimensions }) => dimensions['Client Authentication'] ?? '',
  );
  const rows = [...new Set(ways)].sort().flatMap((way) => {
    const brokers = [...connectionsByBroker(metrics.value, run.maintenance, way).values()];
    const most = brokers.flatMap(({ highest }) => highest ?? []);
    return most.length === 0 ? [] : [{ way, most: Math.max(...most) }];
  });
  if (rows.length === 0) return [];
  return [
    {
      title: 'Clients by way of authentication',
      columns: [
        { key: 'way', label: 'Authentication', as: 'name' },
        { key: 'most', label: 'Most connections of a broker', as: 'count' },
      ],
      rows,
      source: 'CloudWatch ClientConnectionCount, Sum of a minute, over the window',
    },
  ];
}

export const CLIENTS_FIRST = 'Ask which clients still come in the old way: the change ends their connections.';
