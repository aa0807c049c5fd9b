// Retention against what readers need: a group that is late must not lose records while it is mended, and a weekend must not lose any where
// durability is the goal.
import { HOUR_MS, SEC_MS } from '../../analysis/durations.ts';
import { type ReadDepth, readDepths, slowestLags } from '../../analysis/read-depth.ts';
import { configValue, replicationFactor } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { doubtfulBecause, LEFT_SECTIONS, leftGroups, leftOut } from '../shared/left-groups.ts';
import { LOAD_SECTIONS, readLoads } from '../shared/loads.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, clientTopics, numberSetting, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const KEYS = ['cleanup.policy', 'retention.ms'] as const;
const ms = (value: number) => formatQuantity(value, 'durationMs');

const NOBODY: ReadonlySet<string> = new Set();

type Thresholds = CheckThresholds['retention-too-short'];

export default defineCheck({
  id: 'retention-too-short',
  area: 'topic-config',
  title: { pass: 'Records stay long enough for their readers', fail: 'Records deleted too soon for their readers' },
  why: 'A reader that is late by more than the retention loses records, and nobody is told.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_retention.ms',
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: [],
  mayUse: [...LOAD_SECTIONS, ...LEFT_SECTIONS],
  toleratesPartial: ['kafkaLogDirs', 'kafkaSamples', ...LEFT_SECTIONS],
  evaluate({ metrics, kafkaGroups, ...inputs }, thresholds, run) {
    const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples } = inputs;
    if (!kafkaTopics.ok)
      return { kind: 'no-data', because: `Not measured: ${missingBecause('Kafka metadata', kafkaTopics)}.` };
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    const topics = clientTopics(kafkaTopics.value);
    const deleting = topics.filter(
      ({ name }) =>
        (configValue(configs, name, 'cleanup.policy') ?? '').includes('delete') &&
        (numberSetting(configs, name, 'retention.ms') ?? -1) >= 0,
    );
    if (topics.length === 0) return { kind: 'not-applicable', because: 'The cluster has no topics of clients.' };
    const groups = kafkaOffsets.ok
      ? leftGroups(kafkaOffsets.value, { kafkaGroups, kafkaSamples, metrics }, run)
      : { left: NOBODY, doubtful: NOBODY };
    /** How late groups are now, and over the window. */
    const lagsOf = (except: ReadonlySet<string>) => ({
      depths: kafkaOffsets.ok
        ? readDepths(kafkaOffsets.value, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs, except)
        : new Map<string, ReadDepth>(),
      past: metrics.ok ? slowestLags(metrics.value, run.maintenance, except) : new Map<string, number>(),
    });
    const { depths, past } = lagsOf(groups.doubtful);
    const all = lagsOf(groups.left);
    const lagOf = (topic: string, lags: ReturnType<typeof lagsOf>) =>
      Math.max(lags.depths.get(topic)?.deepestSec ?? 0, lags.past.get(topic) ?? 0);
    const loads = new Map(readLoads(inputs, run).topics.map((load) => [load.topic, load]));
    const rows = deleting.map((topic) => {
      const retentionMs = numberSetting(configs, topic.name, 'retention.ms')!;
      const lagSec = lagOf(topic.name, { depths, past });
      const neededMs = neededFor(lagSec, thresholds);
      const rate = loads.get(topic.name)?.bytesPerSec ?? null;
      const more = rate === null ? null : ((neededMs - retentionMs) / SEC_MS) * rate * replicationFactor(topic);
      return { topic: topic.name, retentionMs, lagSec, neededMs, more };
    });
    const short = rows.filter(({ retentionMs, neededMs }) => retentionMs < neededMs);
    const doubtful = rows.filter(
      ({ topic, retentionMs, neededMs }) =>
        retentionMs >= neededMs && retentionMs < neededFor(lagOf(topic, all), thresholds),
    );
    const unsure = deleting
      .filter(({ name }) => all.depths.get(name)?.deepestSec === null && !all.past.has(name))
      .map(({ name }) => name);
    // Neither Serverless nor Kafka outside MSK publishes it: nothing is missing there.
    const isPublished = run.clusterKind !== 'serverless' && run.clusterKind !== 'kafka';
    const unseen = deleting
      .filter(({ name }) => isPublished && all.depths.has(name) && !all.past.has(name))
      .map(({ name }) => name);
    return conclude({
      findings: short.map(
        ({ topic, retentionMs, neededMs, lagSec }): FindingDraft => ({
          scope: 'topic',
          resource: topic,
          severity: severityFor(run, ['medium', 'low', 'info']),
          measured: retentionMs,
          limit: neededMs,
          unit: 'durationMs',
          note:
            lagSec > 0
              ? `its slowest group was ${formatQuantity(lagSec, 'durationSec')} behind`
              : 'less than a deployment or a night may take',
          confidence: past.has(topic) ? 1 : 0.7,
        }),
      ),
      worse: 'lower',
      gap: firstGap(
        unreadBecause(configs, topics, KEYS),
        kafkaOffsets.ok ? null : missingBecause('the list of offsets', kafkaOffsets),
        doubtfulBecause(
          doubtful.map(({ topic }) => topic),
          groups,
        ),
        unsure.length > 0 ? `how late groups of ${listed(unsure)} are is not known` : null,
        unseen.length > 0 ? `CloudWatch has no ${METRICS.rollingTimeLag.name} of groups of ${listed(unseen)}` : null,
      ),
      evidence:
        short.length === 0
          ? []
          : [
              topicTable(
                'Topics whose records go too soon',
                [
                  { key: 'retention', label: 'retention.ms', as: 'durationMs' },
                  { key: 'lag', label: 'Slowest group', as: 'durationSec' },
                  { key: 'needed', label: 'Would do', as: 'durationMs' },
                  { key: 'more', label: 'More on disk, all replicas', as: 'bytes' },
                ],
                short.map(({ topic, retentionMs, lagSec, neededMs, more }) => ({
                  topic,
                  retention: retentionMs,
                  lag: lagSec,
                  needed: neededMs,
                  more,
                })),
                run,
                `Kafka DescribeConfigs and committed offsets; ${METRICS.rollingTimeLag.name}, 99th percentile, where CloudWatch has it${leftOut(groups)}`,
              ),
            ],
      pass: `All ${plural(deleting.length, 'topic')} that delete by time keep their records long enough for their groups${leftOut(groups)}.`,
      fail: (worst, found) =>
        `${plural(found.length, 'topic deletes', 'topics delete')} too soon: ${listed([worst.resource])} after ${ms(worst.measured!)}, where ${ms(worst.limit!)} would do.`,
      recommend: () => ({
        action: 'Raise the retention of the topic to several times of what its slowest group needs',
        confirmFirst:
          'Rule out that the slowest is a group that nobody runs, and ask the owner: topics that only carry what is worth nothing after minutes (metrics, presence) are short on purpose.',
        commands: short
          .slice(0, COMMAND_TOPICS)
          .map(({ topic, neededMs }) =>
            setTopicConfig(
              `Keep ${listed([topic])} for ${ms(neededMs)}`,
              topic,
              'retention.ms',
              String(Math.ceil(neededMs)),
            ),
          ),
        risk: 'The topic takes more disk: see that there is room.',
        expectedEffect: 'A reader that is late, or a night without anyone at work, loses nothing.',
        verifyAfter: 'Groups stay far from the start of the log, and disks stay below their limit.',
        effort: 'setting',
        impact: {
          kind: 'unknown',
          because: 'it is paid for with room on volumes that are there, or with stored bytes that are shown above',
        },
      }),
    });
  },
});

/** What retention must reach, in ms. */
function neededFor(lagSec: number, { minLagFactor, minHours, minDurabilityHours }: Thresholds): number {
  return Math.max(minLagFactor * lagSec * SEC_MS, minHours * HOUR_MS, minDurabilityHours * HOUR_MS);
}
