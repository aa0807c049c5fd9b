// Topics that took in nothing for weeks and that no group moves in.

import { HOURS_PER_MONTH } from '../../analysis/cost.ts';
import { type StillTopic, type UnusedTopics, unusedTopics } from '../../analysis/unused-topics.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Impact, type RunContext } from '../check.ts';
import { kafkaTool, showReaders } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND } from '../shared/consumers.ts';
import { LOAD_SECTIONS } from '../shared/loads.ts';
import { priceOf, saved } from '../shared/money.ts';
import { COMMAND_TOPICS } from '../shared/topic-settings.ts';
import { listed, MAX_ROWS, missingBecause } from '../shared/wording.ts';

/** Nobody can know of a reader that comes once a year. */
const CONFIDENCE = 0.7;
const dayCount = (value: number) => formatQuantity(value, 'days');

export default defineCheck({
  id: 'topics-unused',
  area: 'cost',
  title: { pass: 'Every topic is used', fail: 'Topics that nobody uses' },
  why: 'Forgotten topics take partitions and storage, and make every failover and upgrade a little longer.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html'],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: [...LOAD_SECTIONS, 'metrics', 'prices'],
  toleratesPartial: ['kafkaLogDirs', 'metrics', 'prices'],
  evaluate({ prices, ...inputs }, { minIdleDays }, run) {
    const found = unusedTopics(inputs, run.takenAtMs, minIdleDays);
    if (found === null) {
      const section = [inputs.kafkaTopics, inputs.kafkaOffsets, inputs.kafkaSamples].find(({ ok }) => !ok);
      const because =
        section === undefined || section.ok
          ? 'one look shows no movement'
          : missingBecause('the list of topics and their offsets', section);
      return { kind: 'no-data', because: `Not measured: ${because}.` };
    }
    if (found.topics === 0) return { kind: 'not-applicable', because: 'There are no topics of clients to judge.' };
    const configs = inputs.kafkaTopicConfigs;
    return conclude({
      findings: found.unused.map(
        ({ topic, partitions, bytes, idleDays, groups }): FindingDraft => ({
          scope: 'topic',
          resource: topic,
          severity: 'low',
          measured: idleDays,
          limit: minIdleDays,
          unit: 'days',
          note: [
            plural(partitions, 'partition'),
            ...(bytes === null ? [] : [formatQuantity(bytes, 'bytes')]),
            ...(groups.length === 0 ? [] : [`${listed(groups)} once read it`]),
          ].join(', '),
          confidence: CONFIDENCE,
        }),
      ),
      gap: firstGap(
        configs.ok ? null : missingBecause('the configuration of topics', configs),
        found.unclear.length > 0
          ? `whether or since when ${plural(found.unclear.length, 'topic stands', 'topics stand')} still is not known (${listed(found.unclear)}): CloudWatch was not asked about ${found.unclear.length === 1 ? 'it' : 'them'} over four weeks`
          : null,
      ),
      evidence: [unusedTable(found, run)],
      pass: `Records came into all ${plural(found.topics, 'topic')} of clients that are not kept on purpose.`,
      fail: ({ resource, measured }, { length }) =>
        `Nothing came into ${listed([resource])} for ${dayCount(measured!)} at least (limit ${dayCount(minIdleDays)}); ${plural(length, 'topic')} like that.`,
      recommend: (_, { length }) => ({
        action: `Find the owners of ${plural(length, 'topic')}, and delete what nobody claims`,
        confirmFirst:
          'Rule out a yearly job, a producer that is only switched off, and readers without a group. Look for the names in code before anything is deleted.',
        commands: [
          showReaders(),
          ...found.unused.slice(0, COMMAND_TOPICS).map(({ topic }) =>
            kafkaTool('kafka-topics.sh', {
              purpose: 'Delete the topic with all its records, once its owner agrees',
              effect: 'change',
              args: ['--delete', ...optionArgs('--topic', topic)],
            }),
          ),
        ],
        risk: 'Deleting cannot be undone. A client that still asks for the topic fails, or creates it anew where auto.create.topics.enable is on.',
        expectedEffect: effectOf(found.unused),
        verifyAfter: 'No client logs an unknown topic in the days after, and disk and partitions per broker fall.',
        effort: 'setting',
        impact: impactOf(found.unused, prices, run),
      }),
    });
  },
});

function unusedTable({ unused }: UnusedTopics, run: RunContext): Evidence {
  return {
    title: 'Topics without traffic',
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'idle', label: 'Idle at least', as: 'days' },
      { key: 'by', label: 'By', as: 'name' },
      { key: 'partitions', label: 'Partitions', as: 'count' },
      { key: 'bytes', label: 'On disk, all replicas', as: 'bytes' },
      { key: 'groups', label: 'Groups', as: 'name' },
    ],
    rows: unused.slice(0, MAX_ROWS).map(({ topic, idleDays, by, partitions, bytes, groups }) => ({
      topic,
      idle: idleDays,
      by: by === 'metrics' ? 'CloudWatch BytesInPerSec by the hour' : 'a log that retention has emptied',
      partitions,
      bytes,
      groups: groups.length === 0 ? null : listed(groups),
    })),
    source: `Kafka ListOffsets and OffsetFetch of this run; CloudWatch by the hour, cluster ${run.clusterName}`,
  };
}

function effectOf(unused: readonly StillTopic[]): string {
  const partitions = unused.reduce((sum, topic) => sum + topic.partitions, 0);
  const bytes = unused.reduce((sum, topic) => sum + (topic.bytes ?? 0), 0);
  const disk = unused.every((topic) => topic.bytes === null) ? '' : ` and ${formatQuantity(bytes, 'bytes')} of disk`;
  return `${plural(partitions, 'partition')} with their replicas${disk} are free again.`;
}

function impactOf(
  unused: readonly StillTopic[],
  prices: Collected<SectionValue<'prices'>>,
  { clusterKind }: RunContext,
): Impact {
  if (clusterKind === 'serverless') {
    const price = priceOf(prices, 'serverless/partition');
    if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
    const partitions = unused.reduce((sum, topic) => sum + topic.partitions, 0);
    return saved('Partitions of unused topics', partitions * HOURS_PER_MONTH, 'hours', price.usd);
  }
  if (clusterKind === 'provisioned-express')
    return { kind: 'unknown', because: 'what a topic stores is not shown on Express brokers' };
  // Volumes cost the same, full or empty.
  return { kind: 'none' };
}
