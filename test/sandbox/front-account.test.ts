import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  type AccountSections,
  collectAccount,
  createAccountReaders,
} from '../../lib/collect/account/collect-account.ts';
import { azIdsByEc2 } from '../../lib/collect/account/subnet-zones.ts';
import { parseClusterArn } from '../../lib/collect/msk/cluster-arn.ts';
import { SectionRun } from '../../lib/collect/section-run.ts';
import { present } from '../../lib/snapshot/collected.ts';
import { plainAccount } from '../../sandbox/aws/account/state.ts';
import type { SandboxAws } from '../../sandbox/aws/aws.ts';
import { subnetOf } from '../../sandbox/aws/msk/cluster-answers.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { startPaperAws } from './support/aws-fixtures.ts';

let aws: SandboxAws;

beforeAll(async () => {
  aws = await startPaperAws();
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});
beforeEach(() => {
  Object.assign(aws.surroundings, plainAccount(false));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws?.stop();
});

/** As the product reads it. */
async function collected(): Promise<AccountSections> {
  const run = new SectionRun(Date.now() + 30_000, { now: Date.now, progress: () => {} });
  const { cluster } = aSnapshot().build().sections;
  const bootstrap = present({ plaintext: '127.0.0.1:1,127.0.0.1:2' }, 0);
  const readers = createAccountReaders({ region: aws.region });
  try {
    return await collectAccount(readers, cluster!, bootstrap, parseClusterArn(aws.clusterArn), run);
  } finally {
    run.release();
  }
}

test('an account in which nobody set anything up: default quotas, and nothing else', async () => {
  const { storageScaling, alarms, quotas, connectors } = await collected();
  expect(storageScaling).toMatchObject({ ok: true, value: { targets: [] } });
  expect(alarms).toMatchObject({ ok: true, value: [] });
  expect(connectors).toMatchObject({ ok: true, value: [] });
  const byMeaning = quotas.ok ? quotas.value.map(({ limits, value }) => [limits, value]) : [];
  expect(Object.fromEntries(byMeaning.filter(([limits]) => limits !== null))).toEqual({
    'brokers-per-account': 90,
    'brokers-per-zookeeper-cluster': 30,
    'brokers-per-kraft-cluster': 60,
  });
});

test('what a test puts in is in the next answer, over pages', async () => {
  aws.surroundings.scalableTargets = [{ MinCapacity: 1, MaxCapacity: 16_384 }];
  aws.surroundings.scalingPolicies = [{ TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 } }];
  const dimensions = [{ Name: 'Cluster Name', Value: aws.clusterName }];
  aws.surroundings.alarms = Array.from({ length: 250 }, (_, i) => ({
    AlarmName: `alarm ${i}`,
    Namespace: 'AWS/Kafka',
    MetricName: 'OfflinePartitionsCount',
    Dimensions: dimensions,
  }));
  aws.surroundings.connectors = ['127.0.0.1:2', '127.0.0.1:9'].map((bootstrapServers) => ({
    connectorName: `on ${bootstrapServers}`,
    kafkaCluster: { apacheKafkaCluster: { bootstrapServers } },
  }));
  const { storageScaling, alarms, connectors } = await collected();
  expect(storageScaling).toMatchObject({ ok: true, value: { policies: [{ targetPercent: 60 }] } });
  expect(alarms.ok && alarms.value).toHaveLength(250);
  expect(connectors.ok && connectors.value.map(({ name }) => name)).toEqual(['on 127.0.0.1:2']);
});

test("the zones of the cluster's subnets; unknown subnets have none", async () => {
  const signal = new AbortController().signal;
  const ids = ['use1-az1', 'use1-az3'].map(subnetOf);
  const zones = await azIdsByEc2({ region: aws.region })([...ids, 'subnet-unknown'], signal);
  expect([...zones.values()].sort()).toEqual(['use1-az1', 'use1-az3']);
});
