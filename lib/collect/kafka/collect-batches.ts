// A sample of record batches near the ends of the busiest logs: their headers tell how producers batch, compress and number what
// they send. One request to each leader.
import { type Collected, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type BusyPartition, type BusyTopic, busiestTopics, type KnownTraffic } from './busiest-partitions.ts';
import type { ClusterSession, NodeAnswer } from './cluster-session.ts';
import { countErrors, counted, partialLine, silentBrokers } from './partial-line.ts';
import { errorName } from './protocol/error-names.ts';
import { type FetchAnswer, type FetchedPartition, type FetchInput, fetch } from './protocol/fetch.ts';
import { refusedRead } from './read-permission.ts';

type Batches = SectionValue<'kafkaBatches'>;

const TRAFFIC_SHARE = 0.8;
const MAX_TOPICS = 20;
const PARTITIONS_PER_TOPIC = 3;
const PARTITION_BYTES = 256 * 1024;
/** Of one broker's answer, however many of the sampled partitions it leads. */
const ANSWER_BYTES = 8 * 1024 * 1024;
/** How far before the log end to begin where the size of a record is not known. */
const USUAL_RECORDS = 2_000;
/** Tiny records must not lead so far back that the records lie in tiered storage. */
const MOST_RECORDS = 20_000;

/**
 * Reads headers of batches in three partitions of each of the topics that take 80 % of the traffic, at most twenty. Records
 * themselves are dropped as the answer is read.
 */
export async function readBatches(session: ClusterSession, known: KnownTraffic): Promise<Collected<Batches>> {
  const chosen = chosenPartitions(busiestTopics(session.metadata, known));
  const inputs = fetchInputs(chosen);
  const atMs = session.clock.now();
  const answers = await session.askEach(fetch, (node) => inputs.get(node.id));
  return batchesSection(chosen, answers, atMs);
}

function chosenPartitions(topics: readonly BusyTopic[]): BusyPartition[] {
  const all = topics.reduce((sum, { traffic }) => sum + traffic, 0);
  let covered = 0;
  const chosen: BusyPartition[] = [];
  for (const { traffic, partitions } of topics.slice(0, MAX_TOPICS)) {
    if (covered >= TRAFFIC_SHARE * all) break;
    covered += traffic;
    const sample = partitions.slice(0, PARTITIONS_PER_TOPIC);
    chosen.push(...sample.sort((a, b) => a.partition - b.partition));
  }
  return chosen;
}

function fetchInputs(chosen: readonly BusyPartition[]): Map<number, FetchInput> {
  const inputs = [...Map.groupBy(chosen, ({ leader }) => leader)].map(([leader, led]) => {
    const bytesEach = Math.min(PARTITION_BYTES, Math.floor(ANSWER_BYTES / led.length));
    const topics = [...Map.groupBy(led, ({ topic }) => topic)].map(([topic, own]) => ({
      topic,
      partitions: own.map((each) => ({
        partition: each.partition,
        offset: sampleStart(each, bytesEach),
        maxBytes: bytesEach,
      })),
    }));
    return [leader, { maxBytes: ANSWER_BYTES, topics }] as const;
  });
  return new Map(inputs);
}

/** As many records before the end as the bytes hold. */
function sampleStart({ start, end, recordBytes }: BusyPartition, bytes: number): bigint {
  const fitting = recordBytes === null ? USUAL_RECORDS : Math.ceil(bytes / recordBytes);
  const wanted = end - BigInt(Math.min(Math.max(fitting, 1), MOST_RECORDS));
  return wanted > start ? wanted : start;
}

function batchesSection(
  chosen: readonly BusyPartition[],
  answers: readonly NodeAnswer<FetchAnswer>[],
  atMs: number,
): Collected<Batches> {
  const fault = answers.find((given) => given.fault !== null)?.fault;
  if (fault && answers.every(({ answer }) => answer === null)) return fault.asMissing();
  const fetched = fetchedByPlace(answers);
  const refusals = new Map(answers.map(({ node, answer }) => [node.id, errorName(answer?.errorCode ?? 0)]));
  const rows = chosen.map(({ topic, partition, leader }) => {
    const found = fetched.get(placeOf(topic, partition));
    const error = found ? errorName(found.errorCode) : (refusals.get(leader) ?? 'BROKER_NOT_AVAILABLE');
    return { row: { topic, partition, error, batches: found?.batches ?? [] }, isOld: found?.hasOldFormat === true };
  });
  const value = rows.map(({ row }) => row);
  return refusedRead('Fetch', value) ?? present(value, atMs, gapsOf(rows, answers));
}

function gapsOf(
  rows: readonly { row: Batches[number]; isOld: boolean }[],
  answers: readonly NodeAnswer<FetchAnswer>[],
): string | undefined {
  const errors = rows.flatMap(({ row }) => row.error ?? []);
  const old = rows.filter(({ isOld }) => isOld).length;
  const bare = rows.filter(({ row, isOld }) => row.error === null && row.batches.length === 0 && !isOld).length;
  const silent = silentBrokers(answers);
  return partialLine([
    errors.length > 0 && `batches of ${counted(errors.length, 'partition')} not read: ${countErrors(errors)}`,
    silent !== '' && `no answer from ${silent}`,
    old > 0 && `${counted(old, 'partition')} with messages of the format before Kafka 0.11, which were left out`,
    bare > 0 && `${counted(bare, 'partition')} without a producer's batch in the bytes that were read`,
  ]);
}

function fetchedByPlace(answers: readonly NodeAnswer<FetchAnswer>[]): Map<string, FetchedPartition> {
  const fetched = new Map<string, FetchedPartition>();
  for (const { answer } of answers) {
    for (const { topic, partitions } of answer?.topics ?? []) {
      for (const read of partitions) fetched.set(placeOf(topic, read.partition), read);
    }
  }
  return fetched;
}

/** Topic names hold no slash. */
function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
