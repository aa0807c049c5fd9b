// The documented answers about each kind of cluster hold no field that the SDK's model does not know: a name misspelt would prove nothing.
import {
  DescribeClusterOperationV2Command,
  DescribeClusterV2Command,
  DescribeConfigurationCommand,
  DescribeConfigurationRevisionCommand,
  GetBootstrapBrokersCommand,
  GetCompatibleKafkaVersionsCommand,
  KafkaClient,
  ListClusterOperationsV2Command,
  ListKafkaVersionsCommand,
  ListNodesCommand,
  ListScramSecretsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-kafka';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { arnOf, CLUSTER_KINDS, configurationArnOf, fullDescription } from '../../sandbox/aws/msk/cluster-kinds.ts';
import { kindAnswers } from '../../sandbox/aws/msk/kind-answers.ts';
import { mskOperation } from '../../sandbox/aws/msk/routes.ts';
import { type Answer, type AwsFront, startAwsFront } from '../collect/aws-front.ts';

const kafka: Record<string, Answer> = {};
let front: AwsFront;
let msk: KafkaClient;
beforeAll(async () => {
  front = await startAwsFront({ kafka }, (_, method, url) => mskOperation(method, url));
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  msk = new KafkaClient({ region: 'us-east-1', maxAttempts: 1 });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

describe.each(CLUSTER_KINDS)('%s', (kind) => {
  const ClusterArn = arnOf(kind);
  const configuration = { Arn: configurationArnOf(kind), Revision: 4 };
  const calls = {
    DescribeClusterV2: () => msk.send(new DescribeClusterV2Command({ ClusterArn })),
    ListNodes: () => msk.send(new ListNodesCommand({ ClusterArn })),
    GetBootstrapBrokers: () => msk.send(new GetBootstrapBrokersCommand({ ClusterArn })),
    ListClusterOperationsV2: () => msk.send(new ListClusterOperationsV2Command({ ClusterArn })),
    DescribeClusterOperationV2: () =>
      msk.send(new DescribeClusterOperationV2Command({ ClusterOperationArn: 'arn:op' })),
    ListScramSecrets: () => msk.send(new ListScramSecretsCommand({ ClusterArn })),
    ListKafkaVersions: () => msk.send(new ListKafkaVersionsCommand({})),
    GetCompatibleKafkaVersions: () => msk.send(new GetCompatibleKafkaVersionsCommand({ ClusterArn })),
    ListTagsForResource: () => msk.send(new ListTagsForResourceCommand({ ResourceArn: ClusterArn })),
    DescribeConfiguration: () => msk.send(new DescribeConfigurationCommand(configuration)),
    DescribeConfigurationRevision: () => msk.send(new DescribeConfigurationRevisionCommand(configuration)),
  };

  test.each(Object.keys(calls) as (keyof typeof calls)[])('%s', async (operation) => {
    const answers = kindAnswers(kind);
    Object.assign(kafka, answers);
    const answer = answers[operation];
    if (answer instanceof Error) {
      await expect(calls[operation]()).rejects.toMatchObject({ name: 'BadRequestException' });
      return;
    }
    const { $metadata: _, ...output } = await calls[operation]();
    expect(onTheWire(output)).toEqual(JSON.parse(JSON.stringify(answer)));
  });
});

test('the description of everything at once', async () => {
  kafka.DescribeClusterV2 = { clusterInfo: fullDescription() };
  const { ClusterInfo } = await msk.send(new DescribeClusterV2Command({ ClusterArn: arnOf('standard-zookeeper') }));
  expect(onTheWire(ClusterInfo)).toEqual(JSON.parse(JSON.stringify(fullDescription())));
});

/** The SDK's output as the JSON it came from; names of tags are no fields. */
function onTheWire(value: unknown, name = ''): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((each) => onTheWire(each));
  if (typeof value !== 'object' || value === null) return value;
  const nameOf = (key: string) => (name === 'Tags' ? key : key.charAt(0).toLowerCase() + key.slice(1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [nameOf(key), onTheWire(inner, key)]));
}
