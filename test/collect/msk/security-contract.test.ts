// The section `security`: flags of DescribeClusterV2, and ListScramSecrets only where SCRAM is on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretNameOf } from '../../../lib/collect/msk/normalise-security.ts';
import { readCluster } from '../../../lib/collect/msk/read-control-plane.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { describedCluster } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { secretArn } from '../../../sandbox/aws/msk/kind-answers.ts';
import { type MskFront, pathsOf, readValue, startMskFront, without, withValue } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-kraft';
const SAID = {
  authentication: { unauthenticated: false, iam: true, scram: true, tls: false },
  encryption: {
    clientBroker: 'TLS',
    inCluster: true,
    atRestKeyArn: expect.stringMatching(/^arn:aws:kms:us-east-1:111122223333:key\//),
  },
  publicAccess: 'DISABLED',
  vpcConnectivity: { iam: true, scram: false, tls: false },
  brokerLogs: { cloudWatch: true, firehose: false, s3: false },
  openMonitoring: { jmxExporter: true, nodeExporter: false },
  scramSecretNames: ['AmazonMSK_orders'],
};

test.each(['standard-zookeeper', KIND, 'express'] as const)('of a %s cluster every flag is read', async (kind) => {
  front.answer(kind);
  const { security } = await front.collect(kind);
  expect(readValue(security)).toEqual(SAID);
  expect(security).not.toHaveProperty('partial');
});

test('of a serverless cluster only IAM is told; nothing is taken for off', async () => {
  front.answer('serverless');
  const flags = readValue((await front.collect('serverless')).security);
  expect(flags.authentication).toEqual({ unauthenticated: null, iam: true, scram: null, tls: null });
  const { authentication: _, ...others } = flags;
  expect(leavesOf(others)).toEqual(leavesOf(others).map(() => null));
  expect(front.called()).not.toContain('ListScramSecrets');
});

const CLIENT = 'clientAuthentication';
const CONNECTIVITY = 'brokerNodeGroupInfo.connectivityInfo';
const VPC = `${CONNECTIVITY}.vpcConnectivity.clientAuthentication`;

/** Field of the answer, the flag that comes from it, and another value than the documented one. */
const FLAGS: readonly (readonly [string, string, unknown])[] = [
  [`${CLIENT}.unauthenticated.enabled`, 'authentication.unauthenticated', true],
  [`${CLIENT}.sasl.iam.enabled`, 'authentication.iam', false],
  [`${CLIENT}.sasl.scram.enabled`, 'authentication.scram', false],
  [`${CLIENT}.tls.enabled`, 'authentication.tls', true],
  ['encryptionInfo.encryptionInTransit.clientBroker', 'encryption.clientBroker', 'TLS_PLAINTEXT'],
  ['encryptionInfo.encryptionInTransit.clientBroker', 'encryption.clientBroker', 'CARRIER_PIGEON'],
  ['encryptionInfo.encryptionInTransit.inCluster', 'encryption.inCluster', false],
  ['encryptionInfo.encryptionAtRest.dataVolumeKMSKeyId', 'encryption.atRestKeyArn', 'arn:k'],
  [`${CONNECTIVITY}.publicAccess.type`, 'publicAccess', 'SERVICE_PROVIDED_EIPS'],
  [`${CONNECTIVITY}.publicAccess.type`, 'publicAccess', 'EVERYONE'],
  [`${VPC}.sasl.iam.enabled`, 'vpcConnectivity.iam', false],
  [`${VPC}.sasl.scram.enabled`, 'vpcConnectivity.scram', true],
  [`${VPC}.tls.enabled`, 'vpcConnectivity.tls', true],
  ['loggingInfo.brokerLogs.cloudWatchLogs.enabled', 'brokerLogs.cloudWatch', false],
  ['loggingInfo.brokerLogs.firehose.enabled', 'brokerLogs.firehose', true],
  ['loggingInfo.brokerLogs.s3.enabled', 'brokerLogs.s3', true],
  ['openMonitoring.prometheus.jmxExporter.enabledInBroker', 'openMonitoring.jmxExporter', false],
  ['openMonitoring.prometheus.nodeExporter.enabledInBroker', 'openMonitoring.nodeExporter', true],
];

describe('each flag comes from its own field', () => {
  test.each(FLAGS)('%s is %s, also as %s', async (field, flag, value) => {
    const path = `provisioned.${field}`;
    expect(await flagsOf(withValue(describedCluster(KIND), path, value))).toHaveProperty(flag, value);
  });
});

async function flagsOf(clusterInfo: object) {
  front.answer(KIND, { DescribeClusterV2: { clusterInfo } });
  return (await front.read(KIND, ({ reader, arn, run }) => readCluster(reader, arn, run.signal))).security;
}

describe('each field may be missing: what it would tell is not known, never off', () => {
  const isAbove = (path: string) => FLAGS.some(([field]) => `provisioned.${field}.`.startsWith(`${path}.`));
  const paths = pathsOf(describedCluster(KIND)).filter(isAbove);
  // Without these there is no description at all: cluster-contract.test.ts.
  const whole = ['provisioned', 'provisioned.brokerNodeGroupInfo'];
  test.each(paths.filter((path) => !whole.includes(path)))('%s', async (path) => {
    const flags = await flagsOf(without(describedCluster(KIND), path));
    const gone = FLAGS.filter(([field]) => `provisioned.${field}.`.startsWith(`${path}.`));
    expect(gone).not.toEqual([]);
    for (const [, flag] of gone) expect(flags).toHaveProperty(flag, null);
  });
});

describe('SCRAM secrets', () => {
  test.each([
    [{ secretArnList: [] }, []],
    [
      { secretArnList: [secretArn('AmazonMSK_b'), secretArn('AmazonMSK_a'), secretArn('AmazonMSK_b')] },
      ['AmazonMSK_a', 'AmazonMSK_b'],
    ],
  ])('%j are %j', async (answer, names) => {
    front.answer(KIND, { ListScramSecrets: answer });
    expect(readValue((await front.collect(KIND)).security).scramSecretNames).toEqual(names);
  });

  test('that may not be listed leave the flags, and the permission is named', async () => {
    front.answer(KIND, { ListScramSecrets: new AwsError('ForbiddenException', 'no', 403) });
    const { security } = await front.collect(KIND);
    expect(readValue(security)).toEqual({ ...SAID, scramSecretNames: null });
    expect(security).toHaveProperty(
      'partial',
      expect.stringMatching(/^no SCRAM secrets: .*\. Allow kafka:ListScramSecrets on arn:aws:kafka:/),
    );
  });

  test('that are not in the answer are not none', async () => {
    front.answer(KIND, { ListScramSecrets: {} });
    const { security } = await front.collect(KIND);
    expect(security).toMatchObject({
      value: { scramSecretNames: null },
      partial: 'no SCRAM secrets: kafka:ListScramSecrets: the answer holds no SecretArnList',
    });
  });

  test('are not asked for where the description does not say that SCRAM is on', async () => {
    const clusterInfo = withValue(describedCluster(KIND), 'provisioned.clientAuthentication.sasl.scram.enabled', false);
    front.answer(KIND, { DescribeClusterV2: { clusterInfo } });
    expect((await front.collect(KIND)).security).not.toHaveProperty('partial');
    expect(front.called()).not.toContain('ListScramSecrets');
  });

  test.each([
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_orders-a1B2c3', 'AmazonMSK_orders'],
    ['arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_team/orders-x-a1B2c3', 'AmazonMSK_team/orders-x'],
    ['not an ARN', 'not an ARN'],
  ])('the name in %s is %s', (arn, name) => {
    expect(secretNameOf(arn)).toBe(name);
  });
});

test('a cluster that may not be described has no flags, for the same reason', async () => {
  front.answer(KIND, { DescribeClusterV2: new AwsError('ForbiddenException', 'no', 403) });
  const { security } = await front.collect(KIND);
  expect(security).toMatchObject({
    ok: false,
    reason: 'not-permitted',
    detail: expect.stringContaining('who may reach the cluster is not known'),
    fix: expect.stringContaining('kafka:DescribeClusterV2'),
  });
});

function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}
