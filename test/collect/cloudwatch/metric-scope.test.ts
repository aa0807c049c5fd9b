import { expect, test } from 'vitest';
import { metricScope } from '../../../lib/collect/cloudwatch/metric-scope.ts';
import { planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import { parseClusterArn } from '../../../lib/collect/msk/cluster-arn.ts';
import { missing, present } from '../../../lib/snapshot/collected.ts';
import { aSnapshot, CLUSTER_ARN, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { askedNames, features, request } from './plan-requests.ts';

const ARN = parseClusterArn(CLUSTER_ARN);
const DENIED = missing('not-permitted', 'kafka:DescribeClusterV2 was denied');

function scopeOf(builder: SnapshotBuilder, changes: Partial<Parameters<typeof metricScope>[0]> = {}) {
  const { cluster, nodes } = builder.build().sections;
  return metricScope({ cluster: cluster!, nodes: nodes!, ...changes }, ARN);
}

const described = (fields: Parameters<SnapshotBuilder['withCluster']>[0]) => scopeOf(aSnapshot().withCluster(fields));

test('the description of a cluster tells what it can publish', () => {
  expect(described({ enhancedMonitoring: 'PER_BROKER' })).toEqual({
    kind: 'provisioned-standard',
    clusterName: 'orders',
    enhancedMonitoring: 'PER_BROKER',
    features: {
      burstable: false,
      zookeeper: false,
      tiered: false,
      intelligentRebalancing: null,
      kafkaVersion: '3.9.x.kraft',
      authentication: { iam: null, scram: null, tls: null, unauthenticated: null },
    },
  });
  const special = { instanceType: 'kafka.t3.small', metadataMode: 'zookeeper', storageMode: 'TIERED' } as const;
  expect(described(special)).toMatchObject({ features: { burstable: true, zookeeper: true, tiered: true } });
});

test('what the description does not tell stays unknown', () => {
  expect(described({ metadataMode: 'unknown', storageMode: 'unknown', kafkaVersion: null })).toMatchObject({
    features: { zookeeper: null, tiered: null, kafkaVersion: null },
  });
});

test('a status of rebalancing, even a paused one, means that the cluster can rebalance itself', () => {
  const express = aSnapshot().withKind('provisioned-express');
  expect(scopeOf(express)).toMatchObject({ kind: 'provisioned-express', features: { intelligentRebalancing: true } });
});

test('the ways of authentication come from the security section', () => {
  const authentication = { iam: true, scram: false, tls: null, unauthenticated: false };
  const unset = { clientBroker: null, inCluster: null, atRestKeyArn: null };
  const off = { cloudWatch: null, firehose: null, s3: null };
  const security = present(
    {
      authentication,
      encryption: unset,
      publicAccess: null,
      vpcConnectivity: { iam: null, scram: null, tls: null },
      brokerLogs: off,
      openMonitoring: { jmxExporter: null, nodeExporter: null },
      scramSecretNames: null,
    },
    TAKEN_AT_MS,
  );
  expect(scopeOf(aSnapshot(), { security })).toMatchObject({ features: { authentication } });
  expect(scopeOf(aSnapshot(), { security: DENIED })).toMatchObject({ features: { authentication: { iam: null } } });
});

test('without a description the nodes tell the kind and the family, and the level is unknown', () => {
  const nodes = aSnapshot().build().sections.nodes!;
  if (nodes.ok) for (const node of nodes.value) node.instanceType = 'kafka.t3.small';
  expect(scopeOf(aSnapshot(), { cluster: DENIED, nodes })).toMatchObject({
    kind: 'provisioned-standard',
    clusterName: 'orders',
    enhancedMonitoring: 'unknown',
    features: { burstable: true, zookeeper: null },
    problem: expect.stringContaining('DescribeClusterV2'),
  });
});

test.each([
  ['m7g.large', 'provisioned-unknown'],
  ['m9x.large', 'provisioned-unknown'],
  ['m5.large', 'provisioned-standard'],
  ['t3.small', 'provisioned-standard'],
  ['kafka.m7g.large', 'provisioned-standard'],
  ['express.m7g.large', 'provisioned-express'],
])('a node of type %s alone tells a cluster %s', (instanceType, kind) => {
  const nodes = aSnapshot().build().sections.nodes!;
  if (nodes.ok) for (const node of nodes.value) node.instanceType = instanceType;
  expect(scopeOf(aSnapshot(), { cluster: DENIED, nodes })).toMatchObject({ kind });
});

test('of a cluster that may be Standard or Express only what both have is asked for; the rest is not said to be unsupported', () => {
  const plan = planMetrics(
    request({ kind: 'provisioned-unknown', enhancedMonitoring: 'unknown', features: features() }),
  );
  const asked = askedNames(plan);
  expect(asked).toContain('CpuUser');
  expect(asked).not.toContain('KafkaDataLogsDiskUsed');
  expect(asked).not.toContain('StorageUsed');
  const missingMetrics = new Map(plan.unavailable.map(({ metric, reason }) => [metric, reason]));
  expect(missingMetrics.get('KafkaDataLogsDiskUsed')).toBe('not-requested');
  expect(missingMetrics.get('StorageUsed')).toBe('not-requested');
});

test('with neither it is not known which metrics exist', () => {
  expect(scopeOf(aSnapshot(), { cluster: DENIED, nodes: DENIED })).toMatchObject({
    ok: false,
    reason: 'not-permitted',
  });
});
