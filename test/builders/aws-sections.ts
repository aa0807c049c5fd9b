// What AWS says of a healthy cluster of three zones: its description by kind, its brokers, its prices and who may enter.
import type { Cluster } from '../../lib/snapshot/aws-sections.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

type Standard = Extract<Cluster, { kind: 'provisioned-standard' }>;
type Identity = Pick<Standard, 'arn' | 'uuid' | 'name'>;

/** Round numbers of no real price list, so that a sum can be checked by hand. */
export const PRICES: SectionValue<'prices'> = {
  source: 'offline',
  asOfDate: '2026-11-01',
  region: 'eu-west-1',
  currency: 'USD',
  items: {
    'broker/kafka.m7g.large': { usd: 0.2, unit: 'hours', source: 'test' },
    'storage/gp2': { usd: 0.1, unit: 'GiB-month', source: 'test' },
  },
};

export function standardCluster(identity: Identity): Standard {
  return {
    kind: 'provisioned-standard',
    ...identity,
    region: 'eu-west-1',
    accountId: '111122223333',
    state: 'ACTIVE',
    stateInfo: null,
    currentVersion: 'K3P5ROKL5A1OLE',
    createdAtMs: Date.UTC(2025, 0, 1),
    activeOperationArn: null,
    networkType: 'IPV4',
    kafkaVersion: '3.9.x.kraft',
    metadataMode: 'kraft',
    instanceType: 'kafka.m7g.large',
    brokerCount: 3,
    azCount: 3,
    zoneIds: ['euw1-az1', 'euw1-az2', 'euw1-az3'],
    enhancedMonitoring: 'DEFAULT',
    configuration: { arn: `${identity.arn}-config`, revision: 1 },
    customerActionStatus: 'NONE',
    storageMode: 'LOCAL',
    volumeGiBPerBroker: 1000,
    provisionedThroughputMiBPerSec: null,
  };
}

export function clusterOf(kind: Cluster['kind'], identity: Identity): Cluster {
  const standard = standardCluster(identity);
  if (kind === 'provisioned-standard') return standard;
  const { storageMode: _m, volumeGiBPerBroker: _v, provisionedThroughputMiBPerSec: _t, ...provisioned } = standard;
  if (kind === 'provisioned-express')
    return { ...provisioned, kind, instanceType: 'express.m7g.large', rebalancing: 'ACTIVE' };
  return {
    kind,
    ...identity,
    region: standard.region,
    accountId: standard.accountId,
    state: standard.state,
    stateInfo: null,
    currentVersion: standard.currentVersion,
    createdAtMs: standard.createdAtMs,
    activeOperationArn: null,
    networkType: 'IPV4',
  };
}

/** Broker ids go round three zones. */
export const zoneOf = (brokerId: number): number => ((brokerId - 1) % 3) + 1;

export function nodesOf(brokerIds: readonly number[]): SectionValue<'nodes'> {
  return brokerIds.map((brokerId) => ({
    brokerId,
    subnetId: `subnet-${zoneOf(brokerId)}`,
    azId: `euw1-az${zoneOf(brokerId)}`,
    instanceType: 'kafka.m7g.large',
    endpoints: [`b-${brokerId}.example.test`],
    kafkaVersion: '3.9.x.kraft',
  }));
}

/** Access as it should be. */
export function soundSecurity(): SectionValue<'security'> {
  return {
    authentication: { unauthenticated: false, iam: true, scram: false, tls: false },
    encryption: { clientBroker: 'TLS', inCluster: true, atRestKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
    publicAccess: 'DISABLED',
    vpcConnectivity: { iam: false, scram: false, tls: false },
    brokerLogs: { cloudWatch: true, firehose: false, s3: false },
    openMonitoring: { jmxExporter: false, nodeExporter: false },
    scramSecretNames: null,
  };
}
