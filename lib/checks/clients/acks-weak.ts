// Producers that likely do not wait for replicas: batches without a producer id on topics that ask for two copies, from brokers that
// answer produce requests without any time for followers.
import { remoteTimes } from '../../analysis/remote-time.ts';
import { replicationFactor } from '../../analysis/topology.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND } from '../shared/consumers.ts';
import { producersTable, readSamples, SAMPLE_SECTIONS, SAMPLES_TOLERATED } from '../shared/samples.ts';
import { brokerSeries } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { numberSetting } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

/** By what the broker does not wait for. */
const INFERRED = 0.6;
const ms = (value: number | null) => formatQuantity(value, 'durationMs');

export default defineCheck({
  id: 'acks-weak',
  area: 'clients',
  title: { pass: 'Producers wait for replicas', fail: 'Producers that likely do not wait for replicas' },
  why: 'With acks=0 or 1 a record that was acknowledged is lost when its leader fails before the followers have it.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html',
    'https://kafka.apache.org/documentation/#producerconfigs_acks',
  ],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: [...SAMPLE_SECTIONS, 'metrics'],
  toleratesPartial: [...SAMPLES_TOLERATED, 'metrics'],
  evaluate({ metrics, ...inputs }, { maxRemoteMs, minMinIsr, minTrafficPercent }, run) {
    const { found, gap } = readSamples(inputs, run, ({ bytesInPerSec }) => bytesInPerSec, {
      atLeast: 1,
      minTrafficPercent,
    });
    if (found === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const { kafkaTopics, kafkaTopicConfigs: configs } = inputs;
    if (!kafkaTopics.ok)
      return { kind: 'no-data', because: `Not measured: ${missingBecause('Kafka metadata', kafkaTopics)}.` };
    if (!configs.ok)
      return { kind: 'no-data', because: `Not measured: ${missingBecause('the configuration of topics', configs)}.` };
    const placed = new Map(kafkaTopics.value.map((topic) => [topic.name, topic]));
    // A producer id implies acks=all.
    const open = found.topics.filter(({ topic, profile }) => {
      const minIsr = numberSetting(configs.value, topic, 'min.insync.replicas');
      const copies = placed.has(topic) ? replicationFactor(placed.get(topic)!) : 0;
      return (profile.idempotentBatchShare ?? 1) < 1 && copies > 1 && (minIsr ?? minMinIsr) >= minMinIsr;
    });
    // Express brokers do not wait for followers as Kafka's do.
    const isStandard = run.clusterKind === 'provisioned-standard';
    const times =
      isStandard && metrics.ok
        ? remoteTimes((definition) => brokerSeries(metrics.value, definition, run))
        : new Map<string, number>();
    const waits = open.map((topic) => {
      const leaders = new Set(
        placed
          .get(topic.topic)
          ?.partitions.map(({ leader }) => leader)
          .filter((id) => id >= 0),
      );
      const known = [...leaders].flatMap((id) => times.get(String(id)) ?? []);
      const isSeen = leaders.size > 0 && known.length === leaders.size;
      return { topic, isSeen, slowestMs: isSeen ? Math.max(...known) : null };
    });
    const weak = waits.filter(({ slowestMs }) => slowestMs !== null && slowestMs < maxRemoteMs);
    const unseen = waits.filter(({ isSeen }) => !isSeen).map(({ topic }) => topic.topic);
    return conclude({
      findings: weak.map(
        ({ topic, slowestMs }): FindingDraft => ({
          scope: 'topic',
          resource: topic.topic,
          severity: severityFor(run, ['high', 'medium', 'info']),
          measured: slowestMs,
          limit: maxRemoteMs,
          unit: 'durationMs',
          note: `likely acks=0 or 1; ${formatQuantity(100 - 100 * (topic.profile.idempotentBatchShare ?? 1), 'percent')} of its batches have no producer id`,
          confidence: INFERRED,
        }),
      ),
      worse: 'lower',
      gap: firstGap(
        gap,
        unseen.length > 0
          ? `how long the leaders of ${listed(unseen)} wait for followers is not published${isStandard ? ' below the level PER_BROKER' : ' here'}`
          : null,
      ),
      evidence: [...(times.size === 0 ? [] : [remoteTable(times)]), producersTable(found)],
      pass:
        open.length === 0
          ? 'All sampled batches have a producer id, which implies acks=all, or their topics ask for no second copy.'
          : `Leaders wait for followers on behalf of the producers without an id (limit ${ms(maxRemoteMs)}).`,
      fail: ({ resource, measured, note }) =>
        `Leaders of ${listed([resource])} wait ${ms(measured)} for followers (limit ${ms(maxRemoteMs)}): ${note}.`,
      recommend: () => ({
        action:
          'Set acks=all at the producers of these topics, with retries unbounded and delivery.timeout.ms of a minute or more',
        confirmFirst:
          'Ask the producers for their acks: this is an inference. Metrics or logs whose loss nobody minds may stay as they are.',
        commands: [],
        risk: 'Each produce request waits for one round of replication more, and fails while fewer than min.insync.replicas are in sync: which is the point.',
        expectedEffect: 'No record that was acknowledged is lost when one broker fails.',
        verifyAfter:
          'ProduceTotalTimeMsMean rises by the round of replication, and batches have producer ids in the next sample.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

function remoteTable(times: ReadonlyMap<string, number>): Evidence {
  return {
    title: 'Time that produce requests wait for followers',
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      { key: 'ms', label: 'Mean', as: 'durationMs' },
    ],
    rows: [...times].map(([broker, value]) => ({ broker, ms: value })).sort((a, b) => a.ms - b.ms),
    source:
      'CloudWatch ProduceTotalTimeMsMean less request queue, local, response queue and response send, over periods with traffic',
  };
}
