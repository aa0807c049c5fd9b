// The idempotent and transactional producers that the leaders remember, of busy partitions and of quiet ones. One request to each leader.
import { type Collected, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { busiestPartitions, byPlace, type KnownTraffic, type PartitionPlace } from './busiest-partitions.ts';
import type { ClusterSession, NodeAnswer } from './cluster-session.ts';
import { countErrors, counted, partialLine, silentBrokers } from './partial-line.ts';
import { type ActiveProducer, type DescribedProducers, describeProducers } from './protocol/describe-producers.ts';
import { errorName } from './protocol/error-names.ts';
import { refusedRead } from './read-permission.ts';

type Producers = SectionValue<'kafkaProducers'>;

const MAX_PARTITIONS = 200;
/** Of one partition. Short-lived producers leave an id each for a day (`producer.id.expiration.ms`). */
const KEPT_PRODUCERS = 50;
const NO_TIMESTAMP = -1;

/**
 * Asks for the producers of at most 200 partitions of clients' topics: the busiest, then quiet ones, on which a transaction that hangs
 * keeps records from being read even so.
 */
export async function readProducers(session: ClusterSession, known: KnownTraffic): Promise<Collected<Producers>> {
  const chosen = busiestPartitions(session.metadata, known).slice(0, MAX_PARTITIONS);
  const byLeader = Map.groupBy(chosen, ({ leader }) => leader);
  const atMs = session.clock.now();
  const answers = await session.askEach(describeProducers, ({ id }) => {
    const led = byLeader.get(id);
    if (led === undefined) return undefined;
    return [...Map.groupBy(led, ({ topic }) => topic)].map(([topic, own]) => ({
      topic,
      partitions: own.map(({ partition }) => partition),
    }));
  });
  return producersSection(chosen.sort(byPlace), answers, atMs);
}

function producersSection(
  chosen: readonly PartitionPlace[],
  answers: readonly NodeAnswer<DescribedProducers[]>[],
  atMs: number,
): Collected<Producers> {
  const fault = answers.find((given) => given.fault !== null)?.fault;
  if (fault && answers.every(({ answer }) => answer === null)) return fault.asMissing();
  const described = answers.flatMap(({ answer }) => answer ?? []);
  const found = new Map(described.map((each) => [placeOf(each), each]));
  const value = chosen.map((place) => {
    const { topic, partition } = place;
    const { errorCode, producers } = found.get(placeOf(place)) ?? { errorCode: null, producers: [] };
    const error = errorCode === null ? 'BROKER_NOT_AVAILABLE' : errorName(errorCode);
    return { topic, partition, error, producers: keptProducers(producers) };
  });
  const cut = described.filter(({ producers }) => producers.length > KEPT_PRODUCERS).length;
  const errors = value.flatMap(({ error }) => error ?? []);
  const silent = silentBrokers(answers);
  const gaps = partialLine([
    errors.length > 0 && `producers of ${counted(errors.length, 'partition')} not read: ${countErrors(errors)}`,
    silent !== '' && `no answer from ${silent}`,
    cut > 0 && `${counted(cut, 'partition')} with more than ${KEPT_PRODUCERS} producers, of which the newest were kept`,
  ]);
  return refusedRead('DescribeProducers', value) ?? present(value, atMs, gaps);
}

/** Open transactions first, the oldest of them before all: what hangs must not be cut off. Then the newest. */
function keptProducers(producers: readonly ActiveProducer[]): Producers[number]['producers'] {
  const isOpen = (producer: ActiveProducer) => producer.openTransactionStart !== null;
  const open = producers.filter(isOpen).sort((a, b) => a.lastTimestampMs - b.lastTimestampMs);
  const idle = producers.filter((producer) => !isOpen(producer)).sort((a, b) => b.lastTimestampMs - a.lastTimestampMs);
  return [...open, ...idle].slice(0, KEPT_PRODUCERS).map((producer) => ({
    ...producer,
    // Producers set it, and some count in nanoseconds.
    lastTimestampMs: Number.isSafeInteger(producer.lastTimestampMs) ? producer.lastTimestampMs : NO_TIMESTAMP,
  }));
}

/** Topic names hold no slash. */
function placeOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}
