// The Kafka side of a snapshot: everything that comes from the cluster's own protocol, read-only, in as few requests as
// there can be: 2 + (4 + S)·N for N brokers and S timestamps, whatever the number of topics, partitions and groups. Fewer
// only where a broker coordinates no group, more only where a leader moved meanwhile.
import { type Collected, present } from '../../snapshot/collected.ts';
import type { Sections, SectionValue } from '../../snapshot/schema.ts';
import { ClusterSession } from './cluster-session.ts';
import { describeFound, findGroups, groupsSection } from './collect-groups.ts';
import { ledPartitions, offsetsSection, readCommitted, readLogOffsets } from './collect-offsets.ts';
import { type SampleCore, takeSamples } from './collect-samples.ts';
import { askTopicConfigs, brokersValue, hiddenTopics, topicConfigsSection, topicsValue } from './collect-topics.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { KafkaAuth } from './kafka-auth.ts';
import { askMovedLeaders } from './moved-leaders.ts';
import { EARLIEST, LATEST } from './protocol/list-offsets.ts';
import { RunClock } from './run-clock.ts';

export type { KafkaAuth } from './kafka-auth.ts';

export interface KafkaPlan {
  /** How many readings of end and committed offsets, the first among them. */
  samples: number;
  intervalSec: number;
}

const SECTIONS = [
  'kafkaBrokers',
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaGroups',
  'kafkaOffsets',
  'kafkaSamples',
] as const;

export type KafkaSections = Required<Pick<Sections, (typeof SECTIONS)[number]>>;

export interface KafkaRequest {
  /** Bootstrap brokers, `host:port`. */
  brokers: readonly string[];
  auth: KafkaAuth;
  plan: KafkaPlan;
  /** Epoch milliseconds by which the sections are needed; what is not read by then is missing or partial. */
  deadlineMs: number;
}

export interface KafkaDeps {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** `state` is `reading`, then `read`, `partial` or `missing`. */
  progress?(section: string, state: string): void;
  /** Ends the collection at once: sockets are closed, unread sections say that it was interrupted. */
  signal?: AbortSignal;
}

/**
 * Reads a Kafka cluster. Never throws for a fault of the cluster or of the way to it: such a section is
 * `{ok: false, reason, detail, fix}`, and what only some brokers failed to say is in `partial`. A detail never holds
 * credentials or text of a broker.
 */
export async function collectKafka(request: KafkaRequest, deps: KafkaDeps): Promise<KafkaSections> {
  const clock = new RunClock(request.deadlineMs, deps);
  const session = new ClusterSession(request.auth, clock);
  const report = new Progress(deps);
  try {
    await session.open(request.brokers);
    return await readSections(session, request.plan, report);
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    return nothingRead(error, report);
  } finally {
    clock.release();
    session.close();
  }
}

async function readSections(session: ClusterSession, plan: KafkaPlan, report: Progress): Promise<KafkaSections> {
  const { metadata, metadataAtMs } = session;
  let led = ledPartitions(metadata);
  const kafkaBrokers = report.done('kafkaBrokers', present(brokersValue(metadata), metadataAtMs));
  const foundAtMs = session.clock.now();
  const [found, start, configs] = await Promise.all([
    findGroups(session),
    readLogOffsets(session, led, EARLIEST),
    askTopicConfigs(session),
  ]);
  const hidden = hiddenTopics(metadata, found.groups.length);
  const kafkaTopics = report.done('kafkaTopics', hidden ?? present(topicsValue(metadata), metadataAtMs));
  const configsRead = hidden ?? topicConfigsSection(configs, metadata, foundAtMs);
  const kafkaTopicConfigs = report.done('kafkaTopicConfigs', configsRead);
  // End offsets travel with the committed ones, and behind them on each connection: lag is their difference.
  const atMs = session.clock.now();
  const [committed, end, descriptions] = await Promise.all([
    readCommitted(session, found),
    readLogOffsets(session, led, LATEST),
    describeFound(session, found),
  ]);
  const moved = await askMovedLeaders(session, [
    { read: start, timestamp: EARLIEST },
    { read: end, timestamp: LATEST },
  ]);
  if (moved !== null) led = moved;
  const kafkaGroups = report.done('kafkaGroups', groupsSection(metadata, found, descriptions, atMs));
  const offsets = hidden ?? offsetsSection({ start, end, committed }, metadata, found.groups, atMs);
  const kafkaOffsets = report.done('kafkaOffsets', offsets);
  const samples = await samplesSection(session, kafkaOffsets, { atMs, led, found }, plan);
  const kafkaSamples = report.done('kafkaSamples', samples);
  return { kafkaBrokers, kafkaTopics, kafkaTopicConfigs, kafkaGroups, kafkaOffsets, kafkaSamples };
}

async function samplesSection(
  session: ClusterSession,
  offsets: Collected<SectionValue<'kafkaOffsets'>>,
  core: Omit<SampleCore, 'offsets' | 'partial'>,
  plan: KafkaPlan,
): Promise<KafkaSections['kafkaSamples']> {
  if (!offsets.ok) return offsets;
  return takeSamples(session, { ...core, offsets: offsets.value, partial: offsets.partial }, plan);
}

function nothingRead(fault: ConnectionFault, report: Progress): KafkaSections {
  const missing = () => fault.asMissing();
  return {
    kafkaBrokers: report.done('kafkaBrokers', missing()),
    kafkaTopics: report.done('kafkaTopics', missing()),
    kafkaTopicConfigs: report.done('kafkaTopicConfigs', missing()),
    kafkaGroups: report.done('kafkaGroups', missing()),
    kafkaOffsets: report.done('kafkaOffsets', missing()),
    kafkaSamples: report.done('kafkaSamples', missing()),
  };
}

class Progress {
  private readonly deps: KafkaDeps;

  constructor(deps: KafkaDeps) {
    this.deps = deps;
    for (const section of SECTIONS) deps.progress?.(section, 'reading');
  }

  done<T>(section: (typeof SECTIONS)[number], collected: Collected<T>): Collected<T> {
    const read = collected.ok ? (collected.partial === undefined ? 'read' : 'partial') : 'missing';
    this.deps.progress?.(section, read);
    return collected;
  }
}
