// The first replica of a partition is the one that should lead it; Kafka hands leadership back by itself every five minutes. Where it does
// not, leaders stay where the last restart left them: https://kafka.apache.org/documentation/#basic_ops_leader_balancing.
import { MINUTE_MS } from '../../analysis/durations.ts';
import { isMasked } from '../../analysis/maintenance.ts';
import type { TrustedSeries } from '../../analysis/series.ts';
import { partitionHealth } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { applyConfiguration } from '../shared/apply-config.ts';
import {
  readSettings,
  SETTING_SECTIONS,
  settingsTable,
  TOLERATED,
  valuesOf,
  whereInForce,
} from '../shared/broker-settings.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { goneBrokers } from '../shared/partition-evidence.ts';
import { brokerSeries } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { brokers, MAX_ROWS, metadataSource } from '../shared/wording.ts';

const KEY = 'auto.leader.rebalance.enable';
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'leaders-not-preferred',
  area: 'balance',
  title: {
    pass: 'Partitions are led by their preferred replica',
    fail: 'Partitions not led by their preferred replica',
  },
  why: 'Leaders stay where the last restart left them, and the brokers that restarted last have little to do.',
  references: [
    'https://kafka.apache.org/documentation/#basic_ops_leader_balancing',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'AWS places the leaders of MSK Serverless.' },
  needs: ['kafkaTopics', 'kafkaBrokers'],
  mayUse: [...SETTING_SECTIONS, 'metrics'],
  toleratesPartial: [...TOLERATED, 'metrics'],
  needsOwnMetadata: true,
  evaluate({ kafkaTopics, kafkaBrokers, metrics, ...inputs }, thresholds, run) {
    const all = partitionHealth(kafkaTopics, null).filter(({ replicas }) => replicas.length > 1);
    const gone = goneBrokers(all, { ok: true, value: kafkaBrokers, asOfMs: run.takenAtMs });
    if (gone.length > 0)
      return {
        kind: 'no-data',
        because: `Other replicas lead because ${brokers(gone)} ${gone.length === 1 ? 'is' : 'are'} not in the cluster; judged after the return.`,
      };
    const { found, gap } = readSettings([KEY], inputs);
    const setting = found.get(KEY);
    const off = valuesOf(setting).find(({ value }) => value === 'false');
    const moved = all.filter(({ leader, replicas }) => leader >= 0 && leader !== replicas[0]);
    const share = all.length === 0 ? 0 : (100 * moved.length) / all.length;
    const isMany = all.length >= thresholds.minPartitions && share > thresholds.maxPercent;
    if (isMany && off === undefined && isMasked(run.maintenance, run.takenAtMs))
      return { kind: 'no-data', because: 'Leaders are elsewhere now, during a cluster operation; judged after it.' };
    const steady = metrics.ok
      ? steadyMinutes([...brokerSeries(metrics.value, METRICS.leaderCount, run).values()])
      : null;
    const severity = severityFor(run, ['low', 'low', 'info']);
    const findings: FindingDraft[] = [
      ...(isMany && (steady === null || steady >= thresholds.minMinutes)
        ? [
            {
              scope: 'cluster' as const,
              resource: run.clusterName,
              severity,
              measured: share,
              limit: thresholds.maxPercent,
              unit: 'percent' as const,
              note: `${moved.length} of ${plural(all.length, 'partition')}${steady === null ? '; one look' : `, unchanged for ${formatQuantity(steady, 'minutes')}`}`,
              confidence: steady === null ? 0.5 : 1,
            },
          ]
        : []),
      ...(setting !== undefined && off !== undefined
        ? [
            {
              scope: 'cluster' as const,
              resource: KEY,
              severity,
              measured: null,
              limit: null,
              unit: 'count' as const,
              note: `${setting.source}${whereInForce(setting, off)}: Kafka does not hand leadership back`,
              confidence: setting.confidence,
            },
          ]
        : []),
    ];
    const rows = [...Map.groupBy(moved, ({ topic }) => topic)].sort(([, a], [, b]) => b.length - a.length);
    return conclude({
      findings,
      gap,
      evidence: [
        ...(rows.length === 0
          ? []
          : [
              {
                title: 'Topics whose leaders are elsewhere',
                columns: [
                  { key: 'topic', label: 'Topic', as: 'name' as const },
                  { key: 'moved', label: 'Partitions led elsewhere', as: 'count' as const },
                  { key: 'lead', label: 'Led by', as: 'name' as const },
                  { key: 'preferred', label: 'Preferred', as: 'name' as const },
                ],
                rows: rows.slice(0, MAX_ROWS).map(([topic, its]) => ({
                  topic,
                  moved: its.length,
                  lead: ids(its.map(({ leader }) => leader)),
                  preferred: ids(its.map(({ replicas }) => replicas[0]!)),
                })),
                source: metadataSource(run),
              },
            ]),
        ...(setting === undefined ? [] : [settingsTable('Hand-back of leadership', [setting])]),
      ],
      pass: `${percent(share)} of ${plural(all.length, 'partition')} with replicas are led elsewhere (limit ${percent(thresholds.maxPercent)}${isMany ? `, for less than ${formatQuantity(thresholds.minMinutes, 'minutes')} so far` : ''}).`,
      fail: () =>
        `${percent(share)} of ${plural(all.length, 'partition')} are not led by their preferred replica (limit ${percent(thresholds.maxPercent)})${off === undefined ? '' : `, and ${KEY} is off`}.`,
      recommend: () => ({
        action: `Elect the preferred leaders${off === undefined ? '' : `, and set ${KEY} back to true`}`,
        confirmFirst:
          'Rule out a broker that restarted within the last minutes, and a hand that keeps leaders off a sick broker on purpose.',
        commands: [
          kafkaTool('kafka-leader-election.sh', {
            purpose: 'Elect the preferred replica of every partition',
            effect: 'change',
            args: ['--election-type', 'preferred', '--all-topic-partitions'],
          }),
          ...(off === undefined ? [] : applyConfiguration([`${KEY}=true`], inputs.configuration, run)),
        ],
        risk: 'Clients of each moved partition refresh their metadata, which costs them some milliseconds.',
        expectedEffect: 'Every broker leads what it was planned to lead.',
        verifyAfter: 'LeaderCount of the brokers evens out within minutes and stays so after the next restart.',
        effort: off === undefined ? 'setting' : 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** Minutes since some broker's number of leaders last changed; null where no series tells. */
function steadyMinutes(all: readonly TrustedSeries[]): number | null {
  const each = all.flatMap((series) => {
    const last = series.latest;
    if (last === null) return [];
    const changed = series.points.findLast(({ value }) => value !== last.value);
    return [(last.atMs - (changed?.atMs ?? series.points[0]!.atMs)) / MINUTE_MS];
  });
  return each.length === 0 ? null : Math.min(...each);
}

function ids(all: readonly number[]): string {
  return [...new Set(all)].sort((a, b) => a - b).join(',');
}
