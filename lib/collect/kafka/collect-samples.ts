import { type Collected, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { FoundGroups } from './collect-groups.ts';
import { type LedPartitions, readCommitted, readLogOffsets } from './collect-offsets.ts';
import { counted, partialLine, silentBrokers } from './partial-line.ts';
import { CommittedLookup } from './protocol/committed-lookup.ts';
import { LATEST } from './protocol/list-offsets.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
type Sample = SectionValue<'kafkaSamples'>[number];

export interface SamplePlan {
  /** How many in all, the core collection's among them. */
  samples: number;
  intervalSec: number;
}

/** What the core collection found, and what of its offsets was missing (`partial`). */
export interface SampleCore {
  offsets: Offsets;
  partial: string | undefined;
  atMs: number;
  led: LedPartitions;
  found: FoundGroups;
}

/** A sample that could not end before the deadline is not begun. */
const ROOM_FOR_ONE_MS = 2_000;

/** The core collection's offsets as the first sample. */
export function firstSample(core: Offsets, atMs: number): Sample {
  return {
    atMs,
    end: mapTopics(core, (_topic, partitions) => partitions.map(({ end }) => end)),
    committed: core.committed.map(({ offset }) => offset),
  };
}

/**
 * Takes the further samples: end and committed offsets only, two requests a broker. They follow the order of the core
 * collection; what appeared since is left out, what went away is null.
 */
export async function takeSamples(
  session: ClusterSession,
  core: SampleCore,
  plan: SamplePlan,
): Promise<Collected<Sample[]>> {
  const samples = [firstSample(core.offsets, core.atMs)];
  const gaps: string[] = [];
  const wanted = Math.max(1, plan.samples);
  while (samples.length < wanted) {
    const dueMs = (samples.at(-1)?.atMs ?? core.atMs) + plan.intervalSec * 1000;
    const waitMs = Math.max(0, dueMs - session.clock.now());
    if (waitMs + ROOM_FOR_ONE_MS > session.clock.remainingMs()) break;
    await session.clock.sleep(waitMs);
    if (session.clock.stopped !== null) break;
    const { sample, silent } = await takeSample(session, core);
    const gap = partialLine([silent !== '' && `no answer from ${silent}`, ...lostSince(samples[0]!, sample)]);
    samples.push(sample);
    if (gap !== undefined) gaps.push(`sample ${samples.length}: ${gap}`);
  }
  const short = samples.length < wanted && `${samples.length} of ${wanted} samples taken before the time was up`;
  return present(
    samples,
    samples.at(-1)?.atMs ?? core.atMs,
    partialLine([core.partial ?? '', ...gaps.slice(0, 1), short]),
  );
}

async function takeSample(session: ClusterSession, core: SampleCore): Promise<{ sample: Sample; silent: string }> {
  const known = new Set(session.nodes.filter((node) => node.fault !== null));
  const atMs = session.clock.now();
  const [answers, { table, answers: ends }] = await Promise.all([
    readCommitted(session, core.found),
    readLogOffsets(session, core.led, LATEST),
  ]);
  const committed = new CommittedLookup(answers.flatMap(({ answer }) => answer ?? []));
  const sample = {
    atMs,
    end: mapTopics(core.offsets, (topic, partitions) =>
      partitions.map(({ partition }) => table.get(topic)?.get(partition)?.offset ?? null),
    ),
    committed: core.offsets.committed.map(({ groupId, topic, partition }) =>
      committed.offset(groupId, topic, partition),
    ),
  };
  return { sample, silent: silentBrokers(ends.filter(({ node }) => !known.has(node))) };
}

/** What the first sample holds and a later one does not: a leader or coordinator moved, or said nothing. */
function lostSince(first: Sample, later: Sample): (string | false)[] {
  const lost = (before: readonly (string | null)[], now: readonly (string | null)[]): number =>
    before.filter((offset, position) => offset !== null && now[position] === null).length;
  const topics = Object.keys(first.end);
  const ends = topics.reduce((sum, topic) => sum + lost(first.end[topic]!, later.end[topic]!), 0);
  const committed = lost(first.committed, later.committed);
  return [
    ends > 0 && `${counted(ends, 'log end')} not read`,
    committed > 0 && `${counted(committed, 'committed offset')} not read`,
  ];
}

function mapTopics(
  { topics }: Offsets,
  ends: (topic: string, partitions: Offsets['topics'][string]) => (string | null)[],
): Sample['end'] {
  return Object.fromEntries(Object.entries(topics).map(([topic, partitions]) => [topic, ends(topic, partitions)]));
}
