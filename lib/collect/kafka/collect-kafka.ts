// The Kafka side of a snapshot: everything that comes from the cluster's own protocol, read-only, in as few requests as there can be:
// 2 + (4 + S)·N for N brokers and S timestamps, whatever the number of topics, partitions and groups, and for each extra what design
// §9 allows it. Fewer only where a broker coordinates no group, more only where something moved meanwhile.
import { type Collected, present } from '../../snapshot/collected.ts';
import { ClusterSession } from './cluster-session.ts';
import { readClusterState, readQuotas } from './collect-cluster-state.ts';
import { askConfigs, brokerConfigsSection, topicConfigsSection } from './collect-configs.ts';
import { type FoundGroups, findGroups, groupsSection } from './collect-groups.ts';
import { readLogDirs } from './collect-log-dirs.ts';
import { type LedPartitions, ledPartitions, offsetsSection, readLogOffsets } from './collect-offsets.ts';
import { readReadData, wantsReadData } from './collect-read-data.ts';
import { takeSamples } from './collect-samples.ts';
import { readTimeLags } from './collect-time-lag.ts';
import { brokersValue, hiddenTopics, topicsValue } from './collect-topics.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { KafkaAuth } from './kafka-auth.ts';
import { readGroups } from './moved-groups.ts';
import { askMovedLeaders } from './moved-leaders.ts';
import { type KafkaPlan, type KafkaSectionName, type KafkaSections, plannedSections } from './plan.ts';
import { describeQuorum } from './protocol/describe-quorum.ts';
import { EARLIEST, LATEST } from './protocol/list-offsets.ts';
import { RunClock } from './run-clock.ts';

export type { KafkaAuth } from './kafka-auth.ts';
export type { KafkaPlan, KafkaSections } from './plan.ts';

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
  const session = new ClusterSession(request.auth, clock, wantsReadData(request.plan));
  const report = new Progress(request.plan, deps);
  try {
    await session.open(request.brokers);
    return await readSections(session, request.plan, report);
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    return nothingRead(error, request.plan, report);
  } finally {
    clock.release();
    session.close();
  }
}

async function readSections(session: ClusterSession, plan: KafkaPlan, report: Progress): Promise<KafkaSections> {
  const { sections, configs, offsets, read } = await readCore(session, plan, report);
  const kafkaOffsets = report.done('kafkaOffsets', await withTimeLags(session, offsets, { ...read, configs }, plan));
  const kafkaSamples = report.done('kafkaSamples', await samplesSection(session, kafkaOffsets, read, plan));
  const readData = report.all(
    await readReadData(session, plan.sections, {
      offsets: kafkaOffsets,
      samples: kafkaSamples.ok ? kafkaSamples.value : null,
      logDirs: sections.kafkaLogDirs?.ok ? sections.kafkaLogDirs.value : null,
      led: read.led,
    }),
  );
  // Last of all: without a controller the broker that was asked says nothing until the time is up, to no other question either.
  const state = report.all(await readClusterState(session, plan.sections));
  return { ...sections, kafkaOffsets, kafkaSamples, ...readData, ...state };
}

/** What further readings build on. */
interface CoreRead {
  /** When the committed and the end offsets were asked for. */
  atMs: number;
  led: LedPartitions;
  found: FoundGroups;
}

interface Core {
  sections: Omit<KafkaSections, 'kafkaOffsets' | 'kafkaSamples'>;
  configs: KafkaSections['kafkaTopicConfigs'];
  offsets: KafkaSections['kafkaOffsets'];
  read: CoreRead;
}

/** Two waves of requests behind the metadata; log directories and quotas travel with the second one. */
async function readCore(session: ClusterSession, plan: KafkaPlan, report: Progress): Promise<Core> {
  const { metadata, metadataAtMs } = session;
  const kafkaBrokers = report.done(
    'kafkaBrokers',
    present(brokersValue(metadata, session.supports(describeQuorum)), metadataAtMs),
  );
  const ledAtFirst = ledPartitions(metadata);
  const foundAtMs = session.clock.now();
  const [listed, start, asked] = await Promise.all([
    findGroups(session),
    readLogOffsets(session, ledAtFirst, EARLIEST),
    askConfigs(session),
  ]);
  const hidden = hiddenTopics(metadata, listed.groups.length);
  const kafkaTopics = report.done('kafkaTopics', hidden ?? present(topicsValue(metadata), metadataAtMs));
  const configs = report.done('kafkaTopicConfigs', hidden ?? topicConfigsSection(asked, metadata, foundAtMs));
  const kafkaBrokerConfigs = report.done('kafkaBrokerConfigs', brokerConfigsSection(asked, foundAtMs));
  // End offsets travel with the committed ones, and behind them on each connection: lag is their difference.
  const atMs = session.clock.now();
  const [{ found, committed, descriptions }, end, logDirs, quotas] = await Promise.all([
    readGroups(session, listed),
    readLogOffsets(session, ledAtFirst, LATEST),
    plan.sections.includes('kafkaLogDirs') ? readLogDirs(session) : null,
    plan.sections.includes('kafkaQuotas') ? readQuotas(session) : null,
  ]);
  const readings = [
    { read: start, timestamp: EARLIEST },
    { read: end, timestamp: LATEST },
  ];
  const led = (await askMovedLeaders(session, readings)) ?? ledAtFirst;
  const kafkaGroups = report.done('kafkaGroups', groupsSection(metadata, found, descriptions, atMs));
  const extras = report.all({
    ...(logDirs === null ? {} : { kafkaLogDirs: logDirs }),
    ...(quotas === null ? {} : { kafkaQuotas: quotas }),
  });
  const sections = { kafkaBrokers, kafkaTopics, kafkaTopicConfigs: configs, kafkaBrokerConfigs, kafkaGroups };
  const offsets = hidden ?? offsetsSection({ start, end, committed }, metadata, found, atMs);
  return { sections: { ...sections, ...extras }, configs, offsets, read: { atMs, led, found } };
}

async function withTimeLags(
  session: ClusterSession,
  offsets: KafkaSections['kafkaOffsets'],
  read: CoreRead & Pick<Core, 'configs'>,
  { timestamps }: KafkaPlan,
): Promise<KafkaSections['kafkaOffsets']> {
  if (!offsets.ok || timestamps === 'none') return offsets;
  const timeLags = await readTimeLags(session, { ...read, offsets: offsets.value }, timestamps);
  // Ages that are not known cost no other reader of the offsets anything: they are no gap of this section.
  return present({ ...offsets.value, timeLags }, offsets.asOfMs, offsets.partial);
}

async function samplesSection(
  session: ClusterSession,
  offsets: KafkaSections['kafkaOffsets'],
  read: CoreRead,
  plan: KafkaPlan,
): Promise<KafkaSections['kafkaSamples']> {
  if (!offsets.ok) return offsets;
  return takeSamples(session, { ...read, offsets: offsets.value, partial: offsets.partial }, plan);
}

function nothingRead(fault: ConnectionFault, plan: KafkaPlan, report: Progress): KafkaSections {
  const sections = plannedSections(plan).map((name) => [name, report.done(name, fault.asMissing())] as const);
  return Object.fromEntries(sections) as unknown as KafkaSections;
}

class Progress {
  private readonly deps: KafkaDeps;

  constructor(plan: KafkaPlan, deps: KafkaDeps) {
    this.deps = deps;
    for (const section of plannedSections(plan)) deps.progress?.(section, 'reading');
  }

  all<T extends Partial<KafkaSections>>(sections: T): T {
    for (const [name, section] of Object.entries(sections)) this.done<unknown>(name as KafkaSectionName, section);
    return sections;
  }

  done<T>(section: KafkaSectionName, collected: Collected<T>): Collected<T> {
    const read = collected.ok ? (collected.partial === undefined ? 'read' : 'partial') : 'missing';
    this.deps.progress?.(section, read);
    return collected;
  }
}
