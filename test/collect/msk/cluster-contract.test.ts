// DescribeClusterV2 on the wire: every kind of cluster whole, then each field missing, then words that AWS may add later.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCluster } from '../../../lib/collect/msk/read-control-plane.ts';
import { clusterSchema, securitySchema } from '../../../lib/snapshot/aws-sections.ts';
import {
  arnOf,
  type ClusterKind,
  configurationArnOf,
  describedCluster,
  fullDescription,
  ZONE_IDS,
} from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { type MskFront, pathsOf, readValue, startMskFront, without, withValue } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const ANY = {
  region: 'us-east-1',
  accountId: '111122223333',
  state: 'ACTIVE',
  stateInfo: null,
  currentVersion: 'K3P5ROKL5A1OLE',
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  activeOperationArn: null,
  networkType: 'IPV4',
};
const PROVISIONED = {
  ...ANY,
  azCount: 3,
  zoneIds: ZONE_IDS,
  enhancedMonitoring: 'PER_BROKER',
  customerActionStatus: 'NONE',
};
const LOCAL = { storageMode: 'LOCAL', volumeGiBPerBroker: 500, provisionedThroughputMiBPerSec: null };
const EBS = { kind: 'provisioned-standard', ...PROVISIONED, ...LOCAL };

test.each([
  [
    'standard-zookeeper',
    { ...EBS, kafkaVersion: '3.9.x', metadataMode: 'zookeeper', instanceType: 'kafka.m5.large', brokerCount: 3 },
  ],
  [
    'standard-kraft',
    { ...EBS, kafkaVersion: '4.0.x.kraft', metadataMode: 'kraft', instanceType: 'kafka.m7g.large', brokerCount: 3 },
  ],
  [
    'tiered',
    {
      ...EBS,
      kafkaVersion: '3.9.x.kraft',
      metadataMode: 'kraft',
      instanceType: 'kafka.m7g.xlarge',
      brokerCount: 6,
      storageMode: 'TIERED',
    },
  ],
  [
    'provisioned-throughput',
    {
      ...EBS,
      kafkaVersion: '3.9.x.kraft',
      metadataMode: 'kraft',
      instanceType: 'kafka.m5.4xlarge',
      brokerCount: 3,
      provisionedThroughputMiBPerSec: 312,
    },
  ],
  [
    'express',
    {
      kind: 'provisioned-express',
      ...PROVISIONED,
      kafkaVersion: '3.9.x.kraft',
      metadataMode: 'kraft',
      instanceType: 'express.m7g.large',
      brokerCount: 3,
      rebalancing: 'ACTIVE',
    },
  ],
  ['serverless', { kind: 'serverless', ...ANY }],
] as const)('a %s cluster is read whole', async (kind, expected) => {
  front.answer(kind);
  const { cluster } = await front.collect(kind);
  const identity = { arn: arnOf(kind), uuid: arnOf(kind).split('/')[2], name: kind };
  const configuration = kind === 'serverless' ? {} : { configuration: { arn: configurationArnOf(kind), revision: 4 } };
  expect(readValue(cluster)).toEqual({ ...expected, ...identity, ...configuration });
  expect(cluster).not.toHaveProperty('partial');
});

test('words on the state are kept, safe to show, and the operation under way by its ARN', async () => {
  const info = withValue(fullDescription(), 'stateInfo', { code: 'UNHEALTHY', message: `x\u202e${'y'.repeat(999)}` });
  front.answer('standard-zookeeper', { DescribeClusterV2: { clusterInfo: info } });
  const { stateInfo, activeOperationArn } = readValue((await front.collect('standard-zookeeper')).cluster);
  expect(stateInfo?.code).toBe('UNHEALTHY');
  expect(stateInfo?.message).toMatch(/^x\\u202ey+\.\.#/);
  expect(stateInfo?.message).toHaveLength(300);
  expect(activeOperationArn).toContain(':cluster-operation/');
});

/** Without these the kind, the size or the zones would have to be guessed. MSK's model calls each of them required. */
const INDISPENSABLE = [
  'provisioned',
  'provisioned.brokerNodeGroupInfo',
  'provisioned.brokerNodeGroupInfo.instanceType',
  'provisioned.numberOfBrokerNodes',
];

function described(kind: ClusterKind, clusterInfo: object) {
  front.answer(kind, { DescribeClusterV2: { clusterInfo } });
  return front.read(kind, ({ reader, arn, run }) => readCluster(reader, arn, run.signal));
}

describe('each field of the full answer may be missing', () => {
  test.each(pathsOf(fullDescription()))('%s', async (path) => {
    const answer = described('standard-zookeeper', without(fullDescription(), path));
    if (INDISPENSABLE.includes(path)) {
      await expect(answer).rejects.toThrow(/^the answer holds n/);
    } else {
      const { cluster, security } = await answer;
      expect(v.parse(clusterSchema, cluster)).toMatchObject({ kind: 'provisioned-standard', brokerCount: 3 });
      expect(v.parse(securitySchema, security)).toEqual(security);
    }
  });

  test.each(pathsOf(describedCluster('serverless')))('of a serverless cluster: %s', async (path) => {
    const { cluster, security } = await described('serverless', without(describedCluster('serverless'), path));
    expect(v.parse(clusterSchema, cluster).kind).toBe('serverless');
    expect(v.parse(securitySchema, security)).toEqual(security);
  });
});

test('a description that says too little costs what depends on it, and nothing else', async () => {
  const clusterInfo = without(fullDescription(), 'provisioned.numberOfBrokerNodes');
  front.answer('standard-zookeeper', { DescribeClusterV2: { clusterInfo } });
  const sections = await front.collect('standard-zookeeper');
  const missing = Object.entries(sections).flatMap(([name, section]) => (section.ok ? [] : [name]));
  expect(missing).toEqual(['cluster', 'security', 'configuration']);
  expect(sections.cluster).toMatchObject({
    detail: expect.stringMatching(/: the answer holds no NumberOfBrokerNodes$/),
  });
});

test('an answer without ClusterInfo is refused in words', async () => {
  front.answer('standard-kraft', { DescribeClusterV2: {} });
  const { cluster } = await front.collect('standard-kraft');
  expect(cluster).toMatchObject({ ok: false, detail: expect.stringContaining('the answer holds no ClusterInfo') });
});

test('zones stand in for subnets that are not told', async () => {
  const told = fullDescription();
  const clusterInfo = withValue(told, 'provisioned.brokerNodeGroupInfo.clientSubnets', []);
  front.answer('standard-zookeeper', { DescribeClusterV2: { clusterInfo } });
  expect(readValue((await front.collect('standard-zookeeper')).cluster)).toMatchObject({ azCount: 3 });
  const neither = withValue(clusterInfo, 'provisioned.brokerNodeGroupInfo.zoneIds', []);
  front.answer('standard-zookeeper', { DescribeClusterV2: { clusterInfo: neither } });
  expect((await front.collect('standard-zookeeper')).cluster.ok).toBe(false);
});

test.each([
  ['state', 'TELEPORTING', { state: 'TELEPORTING' }, null],
  [
    'provisioned.enhancedMonitoring',
    'PER_ATOM',
    { enhancedMonitoring: 'unknown' },
    'EnhancedMonitoring PER_ATOM is not known',
  ],
  ['provisioned.storageMode', 'QUANTUM', { storageMode: 'unknown' }, 'StorageMode QUANTUM is not known'],
  [
    'provisioned.customerActionStatus',
    'RUN',
    { customerActionStatus: 'unknown' },
    'CustomerActionStatus RUN is not known',
  ],
  ['provisioned.brokerNodeGroupInfo.connectivityInfo.networkType', 'IPV6', { networkType: 'IPV6' }, null],
  ['provisioned.currentBrokerSoftwareInfo.kafkaVersion', '9.9.x', { kafkaVersion: '9.9.x' }, null],
  [
    'provisioned.brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput',
    { enabled: true },
    { provisionedThroughputMiBPerSec: null },
    'throughput is provisioned, but the answer does not say how much',
  ],
  [
    'provisioned.brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput.enabled',
    false,
    { provisionedThroughputMiBPerSec: null },
    null,
  ],
])('%s = %j is kept or told, never fatal', async (path, value, expected, note) => {
  front.answer('standard-zookeeper', { DescribeClusterV2: { clusterInfo: withValue(fullDescription(), path, value) } });
  const { cluster } = await front.collect('standard-zookeeper');
  expect(readValue(cluster)).toMatchObject(expected);
  expect(cluster).toEqual(
    note === null
      ? expect.not.objectContaining({ partial: expect.anything() })
      : expect.objectContaining({ partial: note }),
  );
});

test('a status of rebalancing that AWS may add is told', async () => {
  const clusterInfo = withValue(describedCluster('express'), 'provisioned.rebalancing.status', 'DRIFTING');
  front.answer('express', { DescribeClusterV2: { clusterInfo } });
  const { cluster } = await front.collect('express');
  expect(cluster).toMatchObject({ value: { rebalancing: 'unknown' }, partial: 'Rebalancing DRIFTING is not known' });
});
