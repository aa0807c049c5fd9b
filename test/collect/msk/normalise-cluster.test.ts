// What follows from several fields of a cluster's description together. The fields one by one: cluster-contract.test.ts.
import { expect, test } from 'vitest';
import { normaliseCluster } from '../../../lib/collect/msk/normalise-cluster.ts';
import { ARN, standardCluster } from './an-answer.ts';

test.each([
  ['3.9.x', { ZookeeperConnectString: 'z-1:2181' }, 'zookeeper'],
  ['3.9.x', { ZookeeperConnectStringTls: 'z-1:2182' }, 'zookeeper'],
  ['3.9.x', {}, 'unknown'],
  ['3.9.x.kraft', {}, 'kraft'],
  ['3.6.0', {}, 'zookeeper'],
  ['4.1.x', {}, 'kraft'],
  [undefined, {}, 'unknown'],
])('version %s with %j is in mode %s', (version, strings, mode) => {
  const info = standardCluster();
  info.Provisioned!.CurrentBrokerSoftwareInfo!.KafkaVersion = version;
  Object.assign(info.Provisioned!, strings);
  expect(normaliseCluster(info, ARN).cluster).toMatchObject({ metadataMode: mode });
});

test('a configuration without its revision is none, and said to be', () => {
  const info = standardCluster();
  delete info.Provisioned!.CurrentBrokerSoftwareInfo!.ConfigurationRevision;
  const { cluster, notes } = normaliseCluster(info, ARN);
  expect(cluster).toMatchObject({ configuration: null });
  expect(notes).toEqual(['the configuration came without its revision']);
});

test('a subnet or zone that is named twice counts once', () => {
  const info = standardCluster();
  info.Provisioned!.BrokerNodeGroupInfo!.ClientSubnets = ['subnet-a', 'subnet-b', 'subnet-a'];
  info.Provisioned!.BrokerNodeGroupInfo!.ZoneIds = ['use1-az2', 'use1-az1', 'use1-az2'];
  expect(normaliseCluster(info, ARN).cluster).toMatchObject({ azCount: 2, zoneIds: ['use1-az1', 'use1-az2'] });
});
