import type { Cluster } from '@aws-sdk/client-kafka';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { IncompleteAnswerError, normaliseCluster } from '../../../lib/collect/msk/normalise-cluster.ts';
import { clusterSchema } from '../../../lib/snapshot/aws-sections.ts';
import { ARN, CONFIGURATION_ARN, standardCluster } from './an-answer.ts';

test('reads a Standard cluster whole', () => {
  expect(normaliseCluster(standardCluster(), ARN)).toEqual({
    notes: [],
    cluster: {
      kind: 'provisioned-standard',
      arn: ARN.arn,
      uuid: ARN.uuid,
      name: 'orders',
      region: 'us-east-1',
      accountId: '111122223333',
      state: 'ACTIVE',
      currentVersion: 'K3P5ROKL5A1OLE',
      createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      activeOperationArn: 'arn:aws:kafka:us-east-1:111122223333:cluster-operation/orders/x/y',
      kafkaVersion: '3.9.x.kraft',
      metadataMode: 'kraft',
      instanceType: 'kafka.m7g.large',
      brokerCount: 3,
      azCount: 3,
      enhancedMonitoring: 'PER_BROKER',
      configuration: { arn: CONFIGURATION_ARN, revision: 4 },
      customerActionStatus: 'NONE',
      storageMode: 'TIERED',
      volumeGiBPerBroker: 500,
      provisionedThroughputMiBPerSec: 300,
    },
  });
});

test('the prefix of the size tells an Express cluster', () => {
  const info = standardCluster();
  info.Provisioned!.BrokerNodeGroupInfo!.InstanceType = 'express.m7g.large';
  delete info.Provisioned!.BrokerNodeGroupInfo!.StorageInfo;
  const { cluster } = normaliseCluster(info, ARN);
  expect(cluster.kind).toBe('provisioned-express');
  expect(v.parse(clusterSchema, cluster)).toEqual(cluster);
});

test.each([
  ['its part', { Serverless: { VpcConfigs: [] } }],
  ['its type alone', { ClusterType: 'SERVERLESS' }],
])('a serverless cluster is known by %s', (_, part) => {
  const { Provisioned: _p, ...rest } = standardCluster();
  const { cluster } = normaliseCluster({ ...rest, ClusterType: undefined, ...part } as Cluster, ARN);
  expect(cluster.kind).toBe('serverless');
  expect(v.parse(clusterSchema, cluster)).toEqual(cluster);
});

/** Without these nothing can be said: kind, size and zones of a cluster are never guessed. */
const INDISPENSABLE = [
  'Provisioned',
  'Provisioned.BrokerNodeGroupInfo',
  'Provisioned.BrokerNodeGroupInfo.InstanceType',
  'Provisioned.NumberOfBrokerNodes',
];

test.each(pathsOf(standardCluster()))('without %s the answer is still a cluster or a clear refusal', (path) => {
  const info = without(standardCluster(), path);
  if (INDISPENSABLE.includes(path)) {
    expect(() => normaliseCluster(info, ARN)).toThrow(IncompleteAnswerError);
  } else {
    const { cluster } = normaliseCluster(info, ARN);
    expect(v.parse(clusterSchema, cluster)).toEqual(cluster);
  }
});

test('an answer without ClusterInfo is refused', () => {
  expect(() => normaliseCluster(undefined, ARN)).toThrow(IncompleteAnswerError);
});

test('values that AWS may add later are kept or told, never fatal', () => {
  const info = standardCluster();
  Object.assign(info, { State: 'TELEPORTING' });
  Object.assign(info.Provisioned!, { EnhancedMonitoring: 'PER_ATOM', StorageMode: 'QUANTUM' });
  const { cluster, notes } = normaliseCluster(info, ARN);
  expect(cluster).toMatchObject({ state: 'TELEPORTING', enhancedMonitoring: 'unknown', storageMode: 'LOCAL' });
  expect(notes).toEqual(['EnhancedMonitoring PER_ATOM is not known', 'StorageMode QUANTUM is not known']);
});

test.each([
  ['3.9.x', 'z-1:2181', 'zookeeper'],
  ['3.9.x', undefined, 'unknown'],
  ['3.6.0', undefined, 'zookeeper'],
  ['4.1.x', undefined, 'kraft'],
  [undefined, undefined, 'unknown'],
])('version %s with ZooKeeper string %s is in mode %s', (version, connect, mode) => {
  const info = standardCluster();
  info.Provisioned!.CurrentBrokerSoftwareInfo!.KafkaVersion = version;
  info.Provisioned!.ZookeeperConnectString = connect;
  expect(normaliseCluster(info, ARN).cluster).toMatchObject({ metadataMode: mode });
});

test('throughput that is provisioned but switched off is none', () => {
  const info = standardCluster();
  info.Provisioned!.BrokerNodeGroupInfo!.StorageInfo!.EbsStorageInfo!.ProvisionedThroughput!.Enabled = false;
  expect(normaliseCluster(info, ARN).cluster).toMatchObject({ provisionedThroughputMiBPerSec: null });
});

function pathsOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = prefix + key;
    const isPart = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && !(inner instanceof Date);
    return [path, ...(isPart ? pathsOf(inner as object, `${path}.`) : [])];
  });
}

function without(info: Cluster, path: string): Cluster {
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce(
    (part, key) => part[key] as Record<string, unknown>,
    info as unknown as Record<string, unknown>,
  );
  delete parent[last];
  return info;
}
