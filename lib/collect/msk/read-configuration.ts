// The `configuration` section: the revision that the brokers were given, and the newest one when nobody has rolled it out yet.
// Dynamic overrides are part of no revision: only Kafka's DescribeConfigs shows them.
import type { DescribeConfigurationResponse } from '@aws-sdk/client-kafka';
import type { Configuration } from '../../snapshot/aws-sections.ts';
import { asNote, attemptCall, type ClusterReading, clusterCall, partialOf, type Read } from './cluster-reading.ts';
import type { MskReader } from './msk-reader.ts';
import { epochMsOf } from './normalise-cluster.ts';
import { readServerProperties } from './server-properties.ts';

type Latest = NonNullable<Configuration['latest']>;
type Reading = Pick<ClusterReading, 'reader' | 'arn' | 'run'>;

/** A configuration as DescribeClusterV2 names it. */
interface Wanted {
  arn: string;
  revision: number;
}

interface Revision {
  createdAtMs: number | null;
  properties: Record<string, string>;
  problem: string | null;
}

/**
 * The configuration that the cluster names. Rejects with the SDK's error when the revision in use cannot be read; what is known of the
 * newest revision is worth less, and its failure only a gap.
 */
export async function readConfiguration(
  reading: Reading,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Read<Configuration>> {
  const { reader, arn, run } = reading;
  const call = clusterCall('DescribeConfiguration', arn, wanted.arn);
  const [inUse, described] = await Promise.all([
    readRevision(reader, wanted, signal),
    attemptCall(run, call, (each) => reader.describeConfiguration(wanted.arn, each)),
  ]);
  const newest = described.ok ? await readLatest(reading, wanted, described.value, inUse) : { latest: null, gap: null };
  return {
    value: { ...wanted, ...inUse, state: described.ok ? (described.value.State ?? null) : null, latest: newest.latest },
    partial: partialOf([inUse.problem, described.ok ? null : asNote(described.missing), newest.gap]),
  };
}

async function readRevision(reader: MskReader, { arn, revision }: Wanted, signal: AbortSignal): Promise<Revision> {
  const answer = await reader.describeConfigurationRevision(arn, revision, signal);
  const createdAtMs = epochMsOf(answer.CreationTime);
  if (answer.ServerProperties === undefined) {
    return { createdAtMs, properties: {}, problem: `the answer of revision ${revision} holds no ServerProperties` };
  }
  return { createdAtMs, ...readServerProperties(answer.ServerProperties) };
}

async function readLatest(
  { reader, arn, run }: Reading,
  wanted: Wanted,
  { LatestRevision: told }: DescribeConfigurationResponse,
  inUse: Revision,
): Promise<{ latest: Latest | null; gap: string | null }> {
  const revision = told?.Revision;
  if (revision === undefined) return { latest: null, gap: 'the newest revision of the configuration is not told' };
  const createdAtMs = epochMsOf(told?.CreationTime);
  if (revision === wanted.revision) {
    return { latest: { revision, createdAtMs, properties: inUse.properties }, gap: null };
  }
  const call = clusterCall('DescribeConfigurationRevision', arn, wanted.arn);
  const read = await attemptCall(run, call, (signal) => readRevision(reader, { arn: wanted.arn, revision }, signal));
  const isSound = read.ok && read.value.problem === null;
  return {
    latest: { revision, createdAtMs, properties: isSound ? read.value.properties : null },
    gap: read.ok ? read.value.problem : asNote(read.missing),
  };
}
