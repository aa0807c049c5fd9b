import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { startShareMember, startStreamsMember } from '../../../sandbox/kafka/live-groups.ts';
import { runKafkaTool } from '../../../sandbox/kafka/tools.ts';
import type { OwnedProcess } from '../../../sandbox/processes.ts';

export function proveNewGroups(theCluster: () => KafkaCluster, folder: string): void {
  describe('groups of the newest kinds', () => {
    let members: OwnedProcess[] = [];
    beforeAll(async () => {
      members = await Promise.all([
        startShareMember(theCluster(), { group: 'shared', topic: 'orders', folder }),
        startStreamsMember(theCluster(), { group: 'streaming', topic: 'orders', folder }),
      ]);
    });
    afterAll(async () => {
      await Promise.all(members.map((member) => member.stop()));
    });

    test('show in Kafka’s own tools with their types and a live member', async () => {
      const [groups, share, streams] = await Promise.all([
        runKafkaTool(theCluster(), 'kafka-groups', ['--list']),
        runKafkaTool(theCluster(), 'kafka-share-groups', ['--describe', '--group', 'shared', '--members']),
        runKafkaTool(theCluster(), 'kafka-streams-groups', ['--describe', '--group', 'streaming', '--members']),
      ]);
      expect(groups).toMatch(/^shared +Share +share/m);
      expect(groups).toMatch(/^streaming +Streams +streams/m);
      expect(share).toMatch(/^shared +\S+ +\/127\.0\.0\.1 +console-share-consumer/m);
      expect(streams).toMatch(/^streaming .*ACTIVE: 0:\[0,1,2,3,4,5\]/m);
    });
  });
}
