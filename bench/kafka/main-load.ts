// The cluster on which requests are counted and clients are compared.
import { join } from 'node:path';
import { readOnlyAcls, setAcls } from '../../sandbox/kafka/acls.ts';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Bundles } from './bundles.ts';
import { type Comparison, compare } from './compare.ts';
import { type CountResult, countCases, countRequests, countSerialRoundTrips, newGroupsCase } from './counts.ts';
import { busyShareAtRest } from './environment.ts';
import { startLiveGroups } from './fixture/live-groups.ts';
import { committedPartitions, committingGroupsOf, liveGroupsOf, topicsOf } from './fixture/load.ts';
import { commitGroups, makeTopics, topicName, writeRecords } from './fixture/make.ts';
import { whenSettled } from './fixture/settle.ts';
import { using } from './lifetime.ts';
import { runMeasured } from './measure/process.ts';
import type { BenchOptions } from './options.ts';
import { commandLine, kafkajs, kafkaTool, ours, platformatic } from './peers.ts';
import { protocolBytes } from './protocol-bytes.ts';
import type { BenchResults } from './results.ts';

export type MainResults = Pick<
  BenchResults,
  'counts' | 'bytes' | 'local' | 'oneMillisecond' | 'retainedBytesPerRow'
> & { busyShare: number };

type Say = (line: string) => void;

/** One way; a round trip takes twice as long. */
const HALF_MILLISECOND = 0.5;
const USER = { name: 'bench-reader', password: 'only-for-this-run' };
/** Enough that each broker coordinates one, whatever their names hash to. */
const NEW_GROUPS = 24;

export async function measureMainLoad(options: BenchOptions, bundles: Bundles, say: Say): Promise<MainResults> {
  const shape = { brokers: 3, users: { [USER.name]: USER.password }, proxied: true };
  const starting = startSandbox({ kafka: options.kafka, profile: 'empty', aws: false, shape, log: say });
  return using(starting, async (sandbox) => {
    const live = liveGroupsOf(options.load);
    await fill(sandbox.cluster, options, say);
    const bootstrap = sandbox.cluster.bootstrap;
    const measured = await using(startLiveGroups({ bootstrap, groups: live }, sandbox.folder), () =>
      measureFilled(sandbox, options, bundles, say),
    );
    const counts = [...measured.counts, await countNewGroups(sandbox)];
    return { ...measured, counts };
  });
}

async function fill({ bootstrap }: KafkaCluster, { load }: BenchOptions, say: Say): Promise<void> {
  say(`making ${load.topics} topics × ${load.partitionsPerTopic} partitions with records`);
  await makeTopics(bootstrap, topicsOf(load));
  await writeRecords(bootstrap, topicsOf(load));
  say(`committing ${committedPartitions(load)} offsets of ${load.groups + load.liveGroups} groups`);
  await commitGroups(bootstrap, committingGroupsOf(load));
}

async function measureFilled(
  { cluster, folder }: Sandbox,
  options: BenchOptions,
  bundles: Bundles,
  say: Say,
): Promise<MainResults> {
  const { load, runs } = options;
  const wanted = { committedPartitions: committedPartitions(load), members: load.liveGroups * load.membersPerGroup };
  const sections = await whenSettled(cluster.bootstrap, wanted);
  await setAcls(cluster, `User:${USER.name}`, readOnlyAcls);
  const counts: CountResult[] = [];
  for (const wantedCount of countCases(cluster, USER)) counts.push(await countRequests(cluster, wantedCount));
  counts.push(await countSerialRoundTrips(cluster));
  for (const { name, allowed, requests, wrong } of counts)
    say(`${name}: ${[`${requests} requests, allowed ${allowed}`, ...wrong].join('; ')}`);
  const bytes = { received: counts[0]?.receivedBytes ?? Number.NaN, protocolSum: protocolBytes(sections) };

  const busyShare = await busyShareAtRest();
  say(`comparing at the brokers; processors ${Math.round(100 * busyShare)} % busy at rest`);
  const local = await compareLocal(cluster, { bundles, runs, folder, say });
  say('comparing at one millisecond more a round trip');
  const oneMillisecond = await compareFar(cluster, { bundles, runs, folder, say });
  const retained = { kind: 'node', command: process.execPath } as const;
  const args = ['--expose-gc', bundles.retained, cluster.bootstrap];
  const { stdout } = await runMeasured({ ...retained, args }, folder);
  const { bytesPerRow } = JSON.parse(stdout) as { bytesPerRow: number };
  return { counts, bytes, local, oneMillisecond, retainedBytesPerRow: bytesPerRow, busyShare };
}

interface ComparisonTools {
  bundles: Bundles;
  runs: number;
  folder: string;
  say: Say;
}

async function compareLocal({ version, bootstrap }: KafkaCluster, tools: ComparisonTools): Promise<Comparison> {
  const { bundles, ...plan } = tools;
  const rivals = [
    commandLine(bundles, bootstrap),
    platformatic(bundles, bootstrap),
    kafkajs(bundles, bootstrap),
    await kafkaTool(version, bootstrap),
  ];
  return compare({ ours: ours(bundles, bootstrap), rivals, ...plan });
}

async function compareFar(cluster: KafkaCluster, { bundles, ...plan }: ComparisonTools): Promise<Comparison> {
  const bootstrap = cluster.bootstrapOf('proxied');
  const rivals = [platformatic(bundles, bootstrap), kafkajs(bundles, bootstrap)];
  await Promise.all(cluster.proxies.map((proxy) => proxy.set({ delayMs: HALF_MILLISECOND })));
  try {
    return await compare({ ours: ours(bundles, bootstrap), rivals, ...plan });
  } finally {
    await Promise.all(cluster.proxies.map((proxy) => proxy.heal()));
  }
}

/** Last, and without the members of the comparison: no client is compared on groups that it does not know. */
async function countNewGroups({ cluster, folder }: Sandbox): Promise<CountResult> {
  const groups = Array.from({ length: NEW_GROUPS }, (_, index) => ({
    groupId: `new-${index}`,
    topics: [topicName(0)],
    members: 1,
    protocol: 'consumer' as const,
  }));
  const starting = startLiveGroups({ bootstrap: cluster.bootstrap, groups }, join(folder, 'new-groups'));
  return using(starting, () => countRequests(cluster, newGroupsCase(cluster)));
}
