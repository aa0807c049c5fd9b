// Tiered topics whose settings keep everything on the brokers all the same, or whose records do not reach the tier.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage.html.

import { HOUR_MS } from '../../analysis/durations.ts';
import { sumByTimestamp } from '../../analysis/series.ts';
import { mannKendall } from '../../analysis/statistics.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { configValue } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { TIERED_MIN_RETENTION_MS, TIERED_STORAGE_SOURCE } from '../../facts/tiered-storage.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka, setTopicConfig } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, numberSetting, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const KEYS = ['remote.storage.enable', 'retention.ms', 'local.retention.ms'] as const;
/** Use the topic's whole retention. */
const AS_RETENTION = -2;
/** Half a day: enough for readers that keep up, and always less than MSK's least retention in all. */
const LOCAL_MS = '43200000';

type Configs = SectionValue<'kafkaTopicConfigs'>;
type Thresholds = CheckThresholds['tiering-misconfigured'];

export default defineCheck({
  id: 'tiering-misconfigured',
  area: 'topic-config',
  title: { pass: 'Tiered topics leave the brokers as planned', fail: 'Tiered topics that do not leave the brokers' },
  why: 'The tier is paid for, and the volumes fill up all the same.',
  references: [TIERED_STORAGE_SOURCE, 'https://kafka.apache.org/documentation/#topicconfigs_local.retention.ms'],
  appliesTo: ['provisioned-standard', 'kafka', 'unknown'],
  notApplicable: {
    'provisioned-express': 'Express brokers have no tier of their own.',
    serverless: 'MSK Serverless has no tier of its own.',
  },
  needs: ['kafkaTopics', 'kafkaTopicConfigs'],
  mayUse: ['cluster', 'metrics', 'nodes', 'kafkaBrokers'],
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ kafkaTopics, kafkaTopicConfigs: configs, cluster, metrics, nodes, kafkaBrokers }, thresholds, run) {
    const mode = cluster.ok && cluster.value.kind === 'provisioned-standard' ? cluster.value.storageMode : null;
    const tiered = kafkaTopics.filter(({ name }) => configValue(configs, name, 'remote.storage.enable') === 'true');
    // A broker without tiered storage does not name the setting: what was read of such a topic is enough.
    const unread = unreadBecause(
      configs,
      kafkaTopics.filter(({ partitions }) => partitions.length > 0),
      ['retention.ms'],
    );
    if (tiered.length === 0 && unread === null && mode !== 'TIERED')
      return { kind: 'not-applicable', because: 'No topic is tiered.' };
    const severity = severityFor(run, ['high', 'medium', 'low']);
    const ofTopics = tiered.flatMap(({ name }): FindingDraft[] => {
      const problem =
        mode === 'LOCAL' ? "the cluster's storage mode is LOCAL: nothing is tiered" : problemOf(configs, name);
      return problem === null
        ? []
        : [
            {
              scope: 'topic',
              resource: name,
              severity,
              measured: numberSetting(configs, name, 'local.retention.ms'),
              limit: null,
              unit: 'durationMs',
              note: problem,
              confidence: 1,
            },
          ];
    });
    const copying = metrics.ok && mode === 'TIERED' ? copyProblems(metrics.value, thresholds, run) : [];
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const lag = metrics.ok ? brokerSeries(metrics.value, METRICS.remoteCopyLag, run) : new Map();
    const errors = metrics.ok ? brokerSeries(metrics.value, METRICS.remoteCopyErrors, run) : new Map();
    return conclude({
      findings: [...ofTopics, ...copying.map((each): FindingDraft => ({ ...each, severity }))],
      gap: firstGap(
        unread,
        unreadBecause(configs, tiered, KEYS),
        run.clusterKind === 'provisioned-standard' && mode === null ? "the cluster's storage mode is not known" : null,
        mode !== 'TIERED'
          ? null
          : !metrics.ok
            ? missingBecause('CloudWatch', metrics)
            : firstGap(
                coverageGap(lag, expected, METRICS.remoteCopyLag.name, thresholds.minCoveragePercent),
                coverageGap(errors, expected, METRICS.remoteCopyErrors.name, thresholds.minCoveragePercent),
              ),
      ),
      evidence: [
        table(
          configs,
          tiered.map(({ name }) => name),
          mode,
          run,
        ),
        ...(copying.length > 0 && metrics.ok ? [copyTable(metrics.value, run)] : []),
      ],
      pass: `${plural(tiered.length, 'tiered topic')}, each with less on the brokers than in all, and nothing waits to be copied.`,
      fail: (worst, all) =>
        `${plural(all.length, 'problem')} with tiered storage: ${listed([worst.resource])}, ${worst.note}.`,
      recommend: () =>
        recommend(
          configs,
          ofTopics.map(({ resource }) => resource),
          mode === 'LOCAL',
          run,
        ),
    });
  },
});

/** What is wrong with the settings of one tiered topic, in words. */
function problemOf(configs: Configs, topic: string): string | null {
  const [retention, local] = KEYS.slice(1).map((key) => numberSetting(configs, topic, key)) as [
    number | null,
    number | null,
  ];
  const localBytes = numberSetting(configs, topic, 'local.retention.bytes');
  if (retention === null || local === null) return null;
  if (retention !== -1 && retention < TIERED_MIN_RETENTION_MS)
    return `retention.ms is ${formatQuantity(retention, 'durationMs')}, less than the three days that MSK asks for`;
  // A limit in bytes relieves the brokers as well.
  if (localBytes !== null && localBytes > 0) return null;
  if (local === AS_RETENTION || local === -1 || local === retention)
    return 'all of it stays on the brokers: local.retention.ms is as long as the retention';
  return retention !== -1 && local > retention ? `local.retention.ms is longer than retention.ms` : null;
}

function copyProblems(
  metrics: SectionValue<'metrics'>,
  thresholds: Thresholds,
  run: RunContext,
): Omit<FindingDraft, 'severity'>[] {
  const lag = sumByTimestamp([...brokerSeries(metrics, METRICS.remoteCopyLag, run).values()]);
  const sinceMs = run.window.endMs - thresholds.trendHours * HOUR_MS;
  const last = lag.points.filter(({ atMs }) => atMs >= sinceMs);
  const { s, pValue } = mannKendall(last.map(({ value }) => value));
  const grown = (last.at(-1)?.value ?? 0) - (last[0]?.value ?? 0);
  const isThere = last.length * lag.periodSec * 100 >= thresholds.trendHours * 3600 * thresholds.minCoveragePercent;
  // The backlog follows the traffic of the day: more than all that was seen before it is one that stays.
  const before = lag.points.reduce((most, { atMs, value }) => (atMs < sinceMs ? Math.max(most, value) : most), 0);
  const isNew = (last.at(-1)?.value ?? 0) > before;
  const growing = isThere && s > 0 && pValue < thresholds.maxPValue && grown > 0 && isNew;
  const failing = [...brokerSeries(metrics, METRICS.remoteCopyErrors, run)].filter(([, series]) =>
    isSustained(series, (value) => value > 0, thresholds),
  );
  return [
    ...(growing
      ? [
          {
            scope: 'cluster' as const,
            resource: METRICS.remoteCopyLag.name,
            measured: last.at(-1)!.value,
            limit: null,
            unit: 'bytes' as const,
            note: `what waits to be copied has grown by ${formatQuantity(grown, 'bytes')} in ${formatQuantity(thresholds.trendHours * 3600, 'durationSec')}`,
            confidence: 1,
          },
        ]
      : []),
    ...failing.map(([id, series]) => ({
      scope: 'broker' as const,
      resource: id,
      measured: series.highest,
      limit: 0,
      unit: 'countPerSec' as const,
      note: 'copying to the tier fails',
      confidence: 1,
    })),
  ];
}

function table(configs: Configs, topics: readonly string[], mode: string | null, run: RunContext): Evidence {
  const columns = ['retention.ms', 'local.retention.ms', 'local.retention.bytes'];
  const rows = topics.map((topic) => ({
    topic,
    mode,
    ...Object.fromEntries(columns.map((key) => [key, configValue(configs, topic, key)])),
  }));
  return topicTable(
    'Tiered topics',
    [
      ...columns.map((key) => ({ key, label: key, as: 'name' as const })),
      { key: 'mode', label: "Cluster's storage mode", as: 'name' },
    ],
    rows,
    run,
  );
}

function copyTable(metrics: SectionValue<'metrics'>, run: RunContext): Evidence {
  const lag = brokerSeries(metrics, METRICS.remoteCopyLag, run);
  return {
    title: 'Waiting to be copied, by broker',
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      { key: 'first', label: 'At the start of the window', as: 'bytes' },
      { key: 'last', label: 'Latest', as: 'bytes' },
    ],
    rows: [...lag].map(([broker, series]) => ({
      broker,
      first: series.points[0]?.value ?? null,
      last: series.latest?.value ?? null,
    })),
    source: seriesSource(METRICS.remoteCopyLag, [...lag.values()], run),
  };
}

/** Only what is wrong is set: a retention in all that is long enough stays, for to shorten it would delete records. */
function mend(configs: Configs, topic: string): Command[] {
  const retention = numberSetting(configs, topic, 'retention.ms');
  const local = numberSetting(configs, topic, 'local.retention.ms');
  const isShort = retention !== null && retention !== -1 && retention < TIERED_MIN_RETENTION_MS;
  const staysWhole = local !== null && (local < 0 || (retention !== null && retention !== -1 && local >= retention));
  const isLimited = (numberSetting(configs, topic, 'local.retention.bytes') ?? -1) > 0;
  const set = (purpose: string, key: string, ms: string) => setTopicConfig(`Keep ${purpose}`, topic, key, ms);
  return [
    ...(isShort
      ? [set(`${listed([topic])} three days in all, as MSK asks`, 'retention.ms', String(TIERED_MIN_RETENTION_MS))]
      : []),
    ...(staysWhole && !isLimited
      ? [
          set(
            `half a day of ${listed([topic])} on the brokers; the tier keeps the rest`,
            'local.retention.ms',
            LOCAL_MS,
          ),
        ]
      : []),
  ];
}

function recommend(configs: Configs, topics: readonly string[], isLocal: boolean, run: RunContext): Recommendation {
  return {
    action: isLocal
      ? 'Switch the storage mode of the cluster to TIERED, as its topics expect'
      : 'Set local.retention.ms well below retention.ms, and see that brokers can copy',
    confirmFirst:
      'Rule out a topic that was tiered within the last hours, and one that is kept whole on purpose while readers catch up.',
    commands: [
      ...(isLocal
        ? awsKafka(run, 'update-storage', {
            purpose: 'Allow tiered storage on the cluster; it cannot be switched off again',
            effect: 'change',
            args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--storage-mode', 'TIERED'],
          })
        : []),
      ...topics.slice(0, COMMAND_TOPICS).flatMap((topic) => mend(configs, topic)),
    ],
    risk: 'Switching tiering off for a topic is permanent on MSK, so mend the settings instead; consumers of tiered topics with isolation.level=read_committed belong on topics with transactions only.',
    expectedEffect: 'Closed segments leave the brokers after the local retention.',
    verifyAfter: 'RemoteCopyLagBytes falls to near 0, and KafkaDataLogsDiskUsed with it.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
