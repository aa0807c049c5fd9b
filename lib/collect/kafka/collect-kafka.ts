// The Kafka side of a snapshot: everything that comes from the cluster's own protocol, read-only, in as few requests as there can be:
// 2 + (4 + S)·N for N brokers and S timestamps, whatever the number of topics, partitions and groups, and for each extra what design
// §9 allows it. Fewer only where a broker coordinates no group, more only where something moved meanwhile.
import { type Collected, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { collectOpenMonitoring } from '../open-monitoring/collect-open-monitoring.ts';
import { ClusterSession } from './cluster-session.ts';
import { readClusterState } from './collect-cluster-state.ts';
import { type CoreRead, readCore } from './collect-core.ts';
import { readReadData, wantsReadData } from './collect-read-data.ts';
import { takeSamples } from './collect-samples.ts';
import { readTimeLags } from './collect-time-lag.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { KafkaAuth } from './kafka-auth.ts';
import { type KafkaPlan, type KafkaSectionName, type KafkaSections, plannedSections } from './plan.ts';
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
  const scrapes = new AbortController();
  try {
    await session.open(request.brokers);
    // Beside the samples, whose span it shares.
    const [sections, openMonitoring] = await Promise.all([
      readSections(session, request.plan, report),
      readOpenMonitoring(session, request, {
        ...deps,
        signal: AbortSignal.any([scrapes.signal, ...(deps.signal === undefined ? [] : [deps.signal])]),
      }),
    ]);
    if (openMonitoring === null) return sections;
    return { ...sections, openMonitoring: report.done('openMonitoring', openMonitoring) };
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    return nothingRead(error, request.plan, report);
  } finally {
    scrapes.abort();
    clock.release();
    session.close();
  }
}

async function readSections(session: ClusterSession, plan: KafkaPlan, report: Progress): Promise<KafkaSections> {
  const { sections, offsets, read } = await readCore(session, plan.sections);
  report.all(sections);
  const configs = sections.kafkaTopicConfigs;
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

/** Null when it is not wanted. */
async function readOpenMonitoring(
  { metadata }: ClusterSession,
  { plan, deadlineMs }: KafkaRequest,
  deps: KafkaDeps,
): Promise<Collected<SectionValue<'openMonitoring'>> | null> {
  if (plan.openMonitoring === undefined) return null;
  const { exporters, spanSec } = plan.openMonitoring;
  const brokers = metadata.brokers.map(({ id, host }) => ({ id, host }));
  return await collectOpenMonitoring({ brokers, exporters, spanMs: spanSec * 1000, deadlineMs }, deps);
}

async function withTimeLags(
  session: ClusterSession,
  offsets: KafkaSections['kafkaOffsets'],
  read: CoreRead & { configs: KafkaSections['kafkaTopicConfigs'] },
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

/** Tells the caller which section was read, and how well. */
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
