// A transaction that is neither committed nor aborted holds the last stable offset: readers with read_committed stop there, and the log
// behind it is neither compacted nor tiered.
import { effectiveNumber } from '../../analysis/effective-config.ts';
import type { Missing } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type SeverityByEnvironment } from '../check.ts';
import { TOLERATED } from '../shared/broker-settings.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND, MS_PER_SEC, SEC } from '../shared/consumers.ts';
import { listed, MAX_ROWS, missingBecause } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'low' };

interface Open {
  topic: string;
  partition: number;
  producerId: string;
  start: string;
  ageSec: number;
}

export default defineCheck({
  id: 'transaction-hanging',
  area: 'consumers',
  title: { pass: 'Transactions end in time', fail: 'Transactions that hang' },
  why: 'Readers with isolation.level=read_committed stand still at the first record of the transaction.',
  references: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-664%3A+Provide+tooling+to+detect+and+abort+hanging+transactions',
    'https://kafka.apache.org/documentation/#brokerconfigs_transaction.max.timeout.ms',
  ],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: ['kafkaProducers', 'kafkaTopics', 'cluster', 'configuration', 'kafkaBrokerConfigs'],
  toleratesPartial: ['kafkaBrokerConfigs', ...TOLERATED],
  evaluate(inputs, { minOpenMinutes }, run) {
    const { kafkaTopics } = inputs;
    if (!inputs.kafkaProducers.ok)
      return { kind: 'no-data', because: `Not measured: ${unread(inputs.kafkaProducers)}.` };
    const kafkaProducers = inputs.kafkaProducers.value;
    const timeoutMs = effectiveNumber('transaction.max.timeout.ms', inputs)?.number ?? 0;
    const limitSec = Math.max(minOpenMinutes * SEC.perMinute, timeoutMs / MS_PER_SEC);
    const open = kafkaProducers
      .flatMap(({ topic, partition, producers }) =>
        producers.flatMap(({ producerId, lastTimestampMs, openTransactionStart: start }): Open | [] => {
          const ageSec = (run.takenAtMs - lastTimestampMs) / MS_PER_SEC;
          return start === null || ageSec <= limitSec ? [] : { topic, partition, producerId, start, ageSec };
        }),
      )
      .sort((a, b) => b.ageSec - a.ageSec);
    const byPartition = [...Map.groupBy(open, ({ topic, partition }) => `${topic}-${partition}`)];
    const refused = kafkaProducers.filter(({ error }) => error !== null);
    return conclude({
      findings: byPartition.map(
        ([resource, [worst, ...others]]): FindingDraft => ({
          scope: 'partition',
          resource,
          severity: SEVERITY[run.environment],
          measured: worst!.ageSec,
          limit: limitSec,
          unit: 'durationSec',
          note: `producer ${worst!.producerId}, open from offset ${worst!.start} on${others.length === 0 ? '' : `; ${plural(others.length, 'further one')}`}`,
          confidence: 1,
        }),
      ),
      gap: firstGap(
        refused.length === 0
          ? null
          : `producers of ${listed(refused.map(({ topic, partition }) => `${topic}-${partition}`))} were not read`,
        kafkaTopics.ok
          ? notLookedAt(kafkaTopics.value, kafkaProducers)
          : missingBecause('the list of topics', kafkaTopics),
      ),
      evidence: [
        {
          title: 'Open transactions without a new record',
          columns: [
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'partition', label: 'Partition', as: 'count' },
            { key: 'producerId', label: 'Producer id', as: 'name' },
            { key: 'start', label: 'Open from offset', as: 'name' },
            { key: 'ageSec', label: 'Last record', as: 'durationSec' },
          ],
          rows: open.slice(0, MAX_ROWS).map((each) => ({ ...each })),
          source: `Kafka DescribeProducers, one look at ${plural(kafkaProducers.length, 'partition')}`,
        },
      ],
      pass: `No transaction on ${plural(kafkaProducers.length, 'partition')} has been open without a record for ${formatQuantity(limitSec, 'durationSec')}.`,
      fail: (worst, { length }) =>
        `A transaction on ${listed([worst.resource])} has been open without a record for ${formatQuantity(worst.measured, 'durationSec')} (limit ${formatQuantity(worst.limit, 'durationSec')})${length > 1 ? `; ${length} partitions in all` : ''}.`,
      recommend: () => recommend(open[0]!, kafkaTopics.ok ? kafkaTopics.value : []),
    });
  },
});

function unread(section: Missing): string {
  return `${missingBecause('the list of producers', section)}; it needs READ on the topics (--read-data)`;
}

/** Of a large cluster not all partitions are asked, and those without a leader never; a transaction hangs on such a one as well. */
function notLookedAt(topics: SectionValue<'kafkaTopics'>, asked: SectionValue<'kafkaProducers'>): string | null {
  const seen = new Set(asked.map(({ topic, partition }) => `${topic}-${partition}`));
  const rest = topics
    .filter(({ internal }) => !internal)
    .flatMap(({ name, partitions }) => partitions.map(({ partition }) => `${name}-${partition}`))
    .filter((name) => !seen.has(name));
  return rest.length === 0 ? null : `producers of ${plural(rest.length, 'further partition')} were not asked for`;
}

function recommend({ topic, partition, start }: Open, topics: SectionValue<'kafkaTopics'>): Recommendation {
  const leader = topics
    .find(({ name }) => name === topic)
    ?.partitions.find((each) => each.partition === partition)?.leader;
  const broker = leader === undefined || leader < 0 ? [] : ['--broker-id', String(leader)];
  return {
    action: `Find the producer of the transaction and let it end; if it is gone, abort the transaction on ${listed([`${topic}-${partition}`])}`,
    confirmFirst:
      'Rule out a producer that is alive and paused within a transaction: let kafka-transactions.sh find-hanging confirm it.',
    commands: [
      ...(broker.length === 0
        ? []
        : [
            kafkaTool('kafka-transactions.sh', {
              purpose: 'Show transactions that the coordinator does not know as open any more',
              args: ['find-hanging', ...broker],
            }),
          ]),
      kafkaTool('kafka-transactions.sh', {
        purpose: 'Abort this one transaction, only once it is known to hang',
        effect: 'change',
        args: ['abort', ...optionArgs('--topic', topic), '--partition', String(partition), '--start-offset', start],
      }),
    ],
    risk: 'Aborting a transaction that somebody still works on drops its records for all readers with read_committed.',
    expectedEffect: 'The last stable offset moves: readers go on, compaction and tiering as well.',
    verifyAfter: 'find-hanging names none, and the lag of readers with read_committed falls.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
