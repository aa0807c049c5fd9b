import { expect, test } from 'vitest';
import { Shelf } from '../../lib/collect/account/weekly-sections.ts';
import { readKafkaSections } from '../../lib/collect/broker-stage.ts';
import { BROKERS_GROUP } from '../../lib/collect/brokers-group.ts';
import type { CollectSources, CollectTarget, Job } from '../../lib/collect/collect-job.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import { kafkaMissing, type ReadKafkaRequest } from '../../lib/collect/kafka-stage.ts';
import type { ControlPlane } from '../../lib/collect/msk/control-plane.ts';
import { SectionRun } from '../../lib/collect/section-run.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';

const ARN = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0a0b0c0d-1111-2222-3333-444455556666-7';
const MSK: CollectTarget = { kind: 'msk', clusterArn: ARN };
const COMMAND = `aws ec2 authorize-security-group-ingress --group-id ${BROKERS_GROUP} --protocol tcp --port 9098`;

/** One reading of brokers that cannot be reached: what they were asked, and the fix of a section. */
async function ask(target: CollectTarget, kind: string | null, sources: Partial<CollectSources> = {}, leftMs = 60_000) {
  let asked: ReadKafkaRequest | null = null;
  const run = new SectionRun(leftMs, { now: () => 0, progress: () => {} });
  const job: Job = {
    options: {
      target,
      windowHours: 24,
      nowMs: 0,
      deadlineMs: leftMs,
      toolVersion: 'test',
      kafkaPlan: reportPlan({ samples: 1, intervalSec: 1 }),
    },
    sources: {
      ...sources,
      readKafka: async (request) => {
        asked = request;
        return kafkaMissing(request.plan, missing('unreachable', 'no connection in time', `allow it: ${COMMAND}`));
      },
    },
    run,
    window: { startMs: 0, endMs: 1 },
    storedHours: undefined,
    shelf: new Shelf(undefined),
    now: () => 0,
  };
  const cluster = kind === null ? missing('not-permitted', 'not described') : present({ kind } as never, 0);
  const control = { cluster, security: missing('failed', 'not read') } as unknown as ControlPlane;
  try {
    const { kafkaTopics } = await readKafkaSections(job, { brokers: ['b-1:9098'], auth: 'iam' }, control);
    return { fix: kafkaTopics?.ok === false ? kafkaTopics.fix : undefined, deadlineMs: asked!.deadlineMs };
  } finally {
    run.release();
  }
}

test.each([
  ['provisioned-standard', 'Provisioned.BrokerNodeGroupInfo.SecurityGroups'],
  ['serverless', 'Serverless.VpcConfigs[0].SecurityGroupIds'],
  [null, 'Provisioned.BrokerNodeGroupInfo.SecurityGroups'],
])('the command that lets us in finds the security group itself: %s', async (kind, path) => {
  const group = `"$(aws kafka describe-cluster-v2 --cluster-arn ${ARN} --query 'ClusterInfo.${path}[0]' --output text)"`;
  expect((await ask(MSK, kind)).fix).toBe(`allow it: ${COMMAND.replace(BROKERS_GROUP, group)}`);
});

test('without MSK nobody knows the group', async () => {
  expect((await ask({ kind: 'kafka', bootstrap: ['b-1:9098'] }, null)).fix).toBe(`allow it: ${COMMAND}`);
});

// A collector's reply may take a tenth more than what its request gave it.
test.each([
  [15_000, 10_500],
  [240_000, 210_000],
  [900_000, 792_000],
])('of %i ms Kafka gets %i, and CloudWatch has the rest', async (leftMs, kafkaMs) => {
  const cloudwatch = { getMetricData: () => Promise.reject(new Error('not asked here')) };
  expect((await ask(MSK, null, { cloudwatch }, leftMs)).deadlineMs).toBe(kafkaMs);
  expect(kafkaMs * 1.1).toBeLessThan(leftMs - 2_000);
  expect((await ask(MSK, null, {}, leftMs)).deadlineMs).toBe(leftMs);
});
