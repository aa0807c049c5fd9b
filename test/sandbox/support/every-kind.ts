// A live member in a group of every kind that the cluster knows, and groups that only commit.
import { join } from 'node:path';
import { startShareMember, startStreamsMember } from '../../../sandbox/kafka/live-groups.ts';
import { waitUntil } from '../../../sandbox/kafka/readiness.ts';
import { kafkaToolCommand } from '../../../sandbox/kafka/tools.ts';
import { type OwnedProcess, spawnOwned } from '../../../sandbox/processes.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { commitOffsets } from '../../../sandbox/workload/client.ts';
import type { Witness } from './witness.ts';

export const CLASSIC_RACK = 'use1-az2';
export const KIP848_RACK = 'use1-az3';
export const SIMPLE_GROUPS = 24;

/** Share groups and Streams groups have come with 4.x. */
export function hasNewKinds(version: string): boolean {
  return !version.startsWith('3.');
}

/** So many groups without members that each broker coordinates some of them. */
export async function commitSimpleGroups(
  bootstrap: string,
  topic: string,
  offsetOf: (partition: number) => bigint,
): Promise<void> {
  const offsets = new Map([0, 1, 2].map((partition) => [partition, offsetOf(partition)]));
  const ids = Array.from({ length: SIMPLE_GROUPS }, (_, index) => `probe-${index}`);
  await commitOffsets(
    bootstrap,
    ids.map((groupId) => ({ groupId, topic, offsets })),
  );
}

/** Resolves once all are stable and have committed; the members read until they are stopped. */
export async function startEveryKind({ cluster, folder }: Sandbox, witness: Witness): Promise<OwnedProcess[]> {
  const consume = async (group: string, properties: string[]): Promise<OwnedProcess> => {
    const { command, args } = await kafkaToolCommand(cluster, 'kafka-console-consumer', [
      '--topic',
      'orders',
      '--group',
      group,
      ...[`client.id=${group}-0`, ...properties].flatMap((property) => ['--consumer-property', property]),
    ]);
    return spawnOwned({ name: group, command, args, logFile: join(folder, `${group}.log`) });
  };
  const stickiness = 'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
  const member = (group: string) => ({ group, topic: 'orders', folder });
  const members = await Promise.all([
    consume('live-classic', [`client.rack=${CLASSIC_RACK}`, 'group.instance.id=static-1', stickiness]),
    consume('live-kip848', ['group.protocol=consumer', `client.rack=${KIP848_RACK}`, 'group.instance.id=static-2']),
    ...(hasNewKinds(cluster.version)
      ? [startShareMember(cluster, member('live-share')), startStreamsMember(cluster, member('live-streams'))]
      : []),
  ]);
  await waitUntil('the consumers are in their groups', 60_000, async () => {
    const groups = await witness.groups();
    return groups.filter(({ group, state }) => group.startsWith('live-') && state === 'Stable').length === 2;
  });
  await waitUntil('the consumers have committed', 30_000, async () => {
    const committed = new Set(
      (await witness.groupOffsets()).flatMap((row) => (row.committed === null ? [] : row.group)),
    );
    return committed.has('live-classic') && committed.has('live-kip848');
  });
  return members;
}
