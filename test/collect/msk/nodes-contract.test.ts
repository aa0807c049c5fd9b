// ListNodes on the wire: which nodes are brokers, what of each may be missing, in which zone each stands.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlPlane } from '../../../lib/collect/msk/control-plane.ts';
import { type AzIdsOf, collectNodes } from '../../../lib/collect/msk/read-nodes.ts';
import { nodesWithZones } from '../../../lib/collect/side-stages.ts';
import { present } from '../../../lib/snapshot/collected.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { type ClusterKind, instanceTypeOf, SUBNETS } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { listedNodes } from '../../../sandbox/aws/msk/kind-answers.ts';
import { type MskFront, pathsOf, readValue, startMskFront, without, withValue } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-zookeeper';
const listed = () => ({ nodeInfoList: listedNodes(KIND) });
const ZONES = new Map(SUBNETS.map((subnet, index) => [subnet, `use1-az${index + 1}`]));

test.each(['standard-zookeeper', 'standard-kraft', 'tiered', 'express'] as const)(
  'of a %s cluster the brokers are read, and no node that is none',
  async (kind) => {
    front.answer(kind);
    const { nodes } = await front.collect(kind);
    const brokers = readValue(nodes);
    expect(brokers.map(({ brokerId }) => brokerId)).toEqual(kind === 'tiered' ? [1, 2, 3, 4, 5, 6] : [1, 2, 3]);
    expect(brokers[0]).toEqual({
      brokerId: 1,
      subnetId: 'subnet-0a1',
      azId: null,
      instanceType: instanceTypeOf(kind),
      endpoints: [`b-1.${kind}.c2.kafka.us-east-1.amazonaws.com`],
      kafkaVersion: expect.stringMatching(/^\d\.\d\.x/),
    });
    expect(nodes).not.toHaveProperty('partial');
  },
);

test('a serverless cluster is not asked for brokers', async () => {
  front.answer('serverless');
  const { nodes } = await front.collect('serverless');
  expect(nodes).toMatchObject({ ok: false, reason: 'not-supported' });
  expect(front.called()).not.toContain('ListNodes');
});

/** Without its id a broker cannot be told from the others: it is missed, in words. */
const UNNAMED = ['nodeInfoList.0', 'nodeInfoList.0.brokerNodeInfo', 'nodeInfoList.0.brokerNodeInfo.brokerId'];

describe('each field of a broker may be missing', () => {
  test.each(pathsOf(listed()))('%s', async (path) => {
    front.answer(KIND, { ListNodes: without(listed(), path) });
    const nodes = await front.read(KIND, (reading) => collectNodes(reading, 3));
    if (path === 'nodeInfoList') {
      expect(nodes).toMatchObject({ ok: false, detail: 'kafka:ListNodes: the answer holds no NodeInfoList' });
      return;
    }
    const ids = readValue(nodes).map(({ brokerId }) => brokerId);
    const expected = UNNAMED.includes(path) ? [2, 3] : [1, 2, 3];
    expect(ids).toEqual(expected);
    const isWhole = expected.length === 3;
    const partial = isWhole ? undefined : `${expected.length} of the cluster's 3 brokers are listed with their id`;
    expect((nodes as { partial?: string }).partial).toBe(partial);
  });
});

test('brokers of two versions, during an upgrade, tell theirs', async () => {
  const path = 'nodeInfoList.1.brokerNodeInfo.currentBrokerSoftwareInfo.kafkaVersion';
  front.answer(KIND, { ListNodes: withValue(listed(), path, '4.0.x.kraft') });
  const { nodes } = await front.collect(KIND);
  expect(readValue(nodes).map(({ kafkaVersion }) => kafkaVersion)).toEqual(['3.9.x', '4.0.x.kraft', '3.9.x']);
});

test('broker ids that come as decimals are ids', async () => {
  front.answer(KIND, { ListNodes: { raw: '{"nodeInfoList":[{"brokerNodeInfo":{"brokerId":2.0}}]}' } });
  expect(readValue((await front.collect(KIND)).nodes).map(({ brokerId }) => brokerId)).toEqual([2]);
});

test('a type of node that AWS may add is no broker', async () => {
  const nodeInfoList = [...listedNodes(KIND), { nodeType: 'OBSERVER', nodeARN: 'arn', observerNodeInfo: {} }];
  front.answer(KIND, { ListNodes: { nodeInfoList } });
  expect(readValue((await front.collect(KIND)).nodes)).toHaveLength(3);
});

describe('the zone of each broker', () => {
  const zoned = (kind: ClusterKind, subnetZones: AzIdsOf, racks: (string | null)[] = []) =>
    front.read(kind, async (reading) => {
      const brokers = racks.map((rack, index) => ({ id: index + 1, host: 'h', port: 1, rack }));
      const kafkaBrokers = present({ clusterId: 'c', controllerId: null, brokers }, 0);
      const job = { sources: { subnetZones }, run: reading.run };
      return nodesWithZones(job, reading.arn, await collectNodes(reading, null), { kafkaBrokers });
    });
  const zonesOf = (nodes: ControlPlane['nodes']) => readValue(nodes).map(({ azId }) => azId);

  test('is its rack, where Kafka tells it, and EC2 is not asked', async () => {
    front.answer(KIND);
    const racks = ['use1-az4', 'use1-az5', 'use1-az6'];
    expect(zonesOf(await zoned(KIND, () => Promise.reject(new Error('asked')), racks))).toEqual(racks);
  });

  test('is asked of EC2 for those whose rack is another word', async () => {
    front.answer(KIND);
    const nodes = await zoned(KIND, async () => ZONES, ['use1-az4', 'rack 7', null]);
    expect(zonesOf(nodes)).toEqual(['use1-az4', 'use1-az2', 'use1-az3']);
  });

  test('comes from its subnet, in one call for all', async () => {
    front.answer('tiered');
    const asked: string[][] = [];
    const nodes = await zoned('tiered', async (subnets) => {
      asked.push(subnets);
      return ZONES;
    });
    expect(zonesOf(nodes)).toEqual([1, 2, 3, 1, 2, 3].map((id) => `use1-az${id}`));
    expect(asked).toEqual([SUBNETS]);
    expect(nodes).not.toHaveProperty('partial');
  });

  test('is said to be unknown where the answer leaves a subnet out', async () => {
    front.answer(KIND);
    const nodes = await zoned(KIND, async () => new Map([...ZONES].slice(1)));
    expect(zonesOf(nodes)).toEqual([null, 'use1-az2', 'use1-az3']);
    expect(nodes).toHaveProperty('partial', 'the zones of 1 broker are not known');
  });

  test('costs nothing else when it may not be read, and the permission is named', async () => {
    front.answer(KIND);
    const refusal = Object.assign(new Error('no'), { name: 'UnauthorizedOperation' });
    const nodes = await zoned(KIND, () => Promise.reject(refusal));
    expect(readValue(nodes)).toHaveLength(3);
    expect(nodes).toHaveProperty(
      'partial',
      expect.stringMatching(
        /^the zones of the brokers are not known: .*\. Allow ec2:DescribeSubnets on \* for the caller$/,
      ),
    );
  });

  test('is not asked for where no broker names a subnet', async () => {
    front.answer(KIND, {
      ListNodes: { nodeInfoList: [1, 2, 3].map((brokerId) => ({ brokerNodeInfo: { brokerId } })) },
    });
    const nodes = await zoned(KIND, () => Promise.reject(new Error('asked')));
    expect(readValue(nodes)[0]).toMatchObject({ brokerId: 1, subnetId: null, azId: null });
    expect(nodes).not.toHaveProperty('partial');
  });
});

test('a refusal names the action and the cluster', async () => {
  front.answer(KIND, { ListNodes: new AwsError('ForbiddenException', 'no', 403) });
  const { nodes } = await front.collect(KIND);
  expect(nodes).toMatchObject({
    ok: false,
    reason: 'not-permitted',
    fix: expect.stringMatching(/^Allow kafka:ListNodes on arn:aws:kafka:.* for the caller$/),
  });
});
