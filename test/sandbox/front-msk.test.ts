import {
  DeleteTopicCommand,
  DescribeClusterOperationV2Command,
  DescribeClusterV2Command,
  DescribeConfigurationCommand,
  DescribeConfigurationRevisionCommand,
  GetBootstrapBrokersCommand,
  GetClusterPolicyCommand,
  GetCompatibleKafkaVersionsCommand,
  KafkaClient,
  ListClusterOperationsV2Command,
  ListClustersV2Command,
  ListKafkaVersionsCommand,
  ListScramSecretsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  paginateListNodes,
  RebootBrokerCommand,
} from '@aws-sdk/client-kafka';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SandboxAws } from '../../sandbox/aws/aws.ts';
import { mskVersion, upgradeTargets } from '../../sandbox/aws/msk/versions.ts';
import { clientFor, startPaperAws } from './support/aws-fixtures.ts';

let aws: SandboxAws;
let msk: KafkaClient;
beforeAll(async () => {
  aws = await startPaperAws({ tags: { environment: 'staging' } });
  msk = new KafkaClient(clientFor(aws));
});
beforeEach(() => aws.clearFaults());
afterAll(() => aws?.stop());

test('a described cluster is a Standard KRaft one, with the volume that the sandbox declares', async () => {
  aws.setDeclaredVolume(7 * 1024 ** 3);
  const { ClusterInfo: info } = await msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
  expect(info).toMatchObject({
    ClusterType: 'PROVISIONED',
    ClusterName: aws.clusterName,
    State: 'ACTIVE',
    Tags: { environment: 'staging' },
    Provisioned: {
      NumberOfBrokerNodes: 3,
      EnhancedMonitoring: 'DEFAULT',
      StorageMode: 'LOCAL',
      CurrentBrokerSoftwareInfo: { KafkaVersion: '3.9.x.kraft', ConfigurationRevision: 1 },
      BrokerNodeGroupInfo: {
        InstanceType: 'kafka.m7g.large',
        ZoneIds: ['use1-az1', 'use1-az2', 'use1-az3'],
        StorageInfo: { EbsStorageInfo: { VolumeSize: 7 } },
      },
    },
  });
  expect(info?.CreationTime).toBeInstanceOf(Date);
});

test('what a local KRaft cluster does not have is left out, not null', async () => {
  const { ClusterInfo: info } = await msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
  for (const absent of ['ActiveOperationArn', 'StateInfo', 'Serverless']) expect(info).not.toHaveProperty(absent);
  for (const absent of ['ZookeeperConnectString', 'ZookeeperConnectStringTls', 'Rebalancing']) {
    expect(info?.Provisioned).not.toHaveProperty(absent);
  }
  expect(info?.Provisioned?.BrokerNodeGroupInfo?.StorageInfo?.EbsStorageInfo).not.toHaveProperty(
    'ProvisionedThroughput',
  );
});

test('nodes come in pages and hold controllers, which have neither broker id nor type', async () => {
  const pages = [];
  for await (const page of paginateListNodes({ client: msk, pageSize: 2 }, { ClusterArn: aws.clusterArn }))
    pages.push(page);
  expect(pages.map((page) => page.NodeInfoList?.length)).toEqual([2, 2, 2]);
  const nodes = pages.flatMap((page) => page.NodeInfoList ?? []);
  expect(nodes.map((node) => node.BrokerNodeInfo?.BrokerId)).toEqual([1, 2, 3, undefined, undefined, undefined]);
  expect(
    nodes.slice(3).every((node) => node.NodeType === undefined && node.ControllerNodeInfo?.Endpoints?.length === 1),
  ).toBe(true);
  expect(nodes[0]?.AddedToClusterTime).toBeTypeOf('string');
});

test('only the bootstrap string that the listeners allow is there', async () => {
  const answer = await msk.send(new GetBootstrapBrokersCommand({ ClusterArn: aws.clusterArn }));
  expect(Object.keys(answer).sort()).toEqual(['$metadata', 'BootstrapBrokerString']);
  expect(answer.BootstrapBrokerString).toBe('127.0.0.1:1,127.0.0.1:2,127.0.0.1:3');
});

test('the configuration revision decodes to the properties that the brokers were started with', async () => {
  const { ClusterInfo: info } = await msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
  const Arn = info?.Provisioned?.CurrentBrokerSoftwareInfo?.ConfigurationArn;
  const revision = await msk.send(new DescribeConfigurationRevisionCommand({ Arn, Revision: 1 }));
  expect(revision.ServerProperties).toBeInstanceOf(Uint8Array);
  expect(Buffer.from(revision.ServerProperties ?? []).toString('utf8')).toMatch(/^min\.insync\.replicas=2$/m);
  const configuration = await msk.send(new DescribeConfigurationCommand({ Arn }));
  expect(configuration.LatestRevision?.Revision).toBe(1);
  await expect(msk.send(new DescribeConfigurationRevisionCommand({ Arn, Revision: 9 }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test("an ARN that is malformed, another cluster's or another account's is refused by name", async () => {
  const describe = (ClusterArn: string) => msk.send(new DescribeClusterV2Command({ ClusterArn }));
  await expect(describe('arn:aws:kafka:nonsense')).rejects.toMatchObject({
    name: 'BadRequestException',
    InvalidParameter: 'clusterArn',
  });
  const other = aws.clusterArn.replace(/[0-9a-f-]+-3$/, '00000000-0000-4000-a000-000000000000-3');
  await expect(describe(other)).rejects.toMatchObject({ name: 'NotFoundException' });
  await expect(describe(aws.clusterArn.replace(aws.account, '444455556666'))).rejects.toMatchObject({
    name: 'ForbiddenException',
  });
});

test('a call that would change something is refused', async () => {
  const reboot = new RebootBrokerCommand({ ClusterArn: aws.clusterArn, BrokerIds: ['1'] });
  await expect(msk.send(reboot)).rejects.toMatchObject({ name: 'ForbiddenException' });
  const remove = new DeleteTopicCommand({ ClusterArn: aws.clusterArn, TopicName: 'orders' });
  await expect(msk.send(remove)).rejects.toMatchObject({ name: 'ForbiddenException' });
});

test('the topic API says that the cluster cannot be reached while no broker runs', async () => {
  await expect(msk.send(new ListTopicsCommand({ ClusterArn: aws.clusterArn }))).rejects.toMatchObject({
    name: 'ClusterConnectivityException',
  });
});

test('lists that are empty are empty lists, and a cluster without a policy has none to give', async () => {
  const { SecretArnList } = await msk.send(new ListScramSecretsCommand({ ClusterArn: aws.clusterArn }));
  expect(SecretArnList).toEqual([]);
  await expect(msk.send(new GetClusterPolicyCommand({ ClusterArn: aws.clusterArn }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  const { Tags } = await msk.send(new ListTagsForResourceCommand({ ResourceArn: aws.clusterArn }));
  expect(Tags).toEqual({ environment: 'staging' });
});

test('clusters are found by a name that they begin with, and by type', async () => {
  const list = async (filter: { ClusterNameFilter?: string; ClusterTypeFilter?: string }) =>
    (await msk.send(new ListClustersV2Command(filter))).ClusterInfoList?.map(({ ClusterArn }) => ClusterArn);
  expect(await list({})).toEqual([aws.clusterArn]);
  expect(await list({ ClusterNameFilter: 'msk-' })).toEqual([aws.clusterArn]);
  expect(await list({ ClusterNameFilter: 'other' })).toEqual([]);
  expect(await list({ ClusterTypeFilter: 'SERVERLESS' })).toEqual([]);
});

test('an operation under way makes the cluster UPDATING and has no end time', async () => {
  const arn = aws.clusterArn.replace(':cluster/', ':cluster-operation/');
  aws.setOperations([{ arn, type: 'UPDATE_BROKER_STORAGE', state: 'UPDATE_IN_PROGRESS', startTime: new Date() }]);
  const { ClusterInfo: info } = await msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
  expect(info).toMatchObject({ State: 'UPDATING', ActiveOperationArn: arn });
  const { ClusterOperationInfoList } = await msk.send(
    new ListClusterOperationsV2Command({ ClusterArn: aws.clusterArn }),
  );
  expect(ClusterOperationInfoList).toHaveLength(1);
  expect(ClusterOperationInfoList?.[0]).not.toHaveProperty('EndTime');
  const one = await msk.send(new DescribeClusterOperationV2Command({ ClusterOperationArn: arn }));
  expect(one.ClusterOperationInfo?.OperationType).toBe('UPDATE_BROKER_STORAGE');
  aws.setOperations([]);
});

test('versions are those that MSK has: a newer Kafka is shown as the newest one', async () => {
  expect(mskVersion('3.9.2')).toBe('3.9.x.kraft');
  expect(mskVersion('4.3.1')).toBe('4.2.x.kraft');
  const { KafkaVersions } = await msk.send(new ListKafkaVersionsCommand({}));
  expect(KafkaVersions).toContainEqual({ Version: '4.2.x.kraft', Status: 'ACTIVE' });
  expect(KafkaVersions).toContainEqual({ Version: '3.6.0', Status: 'DEPRECATED' });
  const { CompatibleKafkaVersions } = await msk.send(
    new GetCompatibleKafkaVersionsCommand({ ClusterArn: aws.clusterArn }),
  );
  expect(CompatibleKafkaVersions).toEqual([
    { SourceVersion: '3.9.x.kraft', TargetVersions: ['4.0.x.kraft', '4.1.x.kraft', '4.2.x.kraft'] },
  ]);
  expect(upgradeTargets('4.2.x.kraft')).toEqual([]);
  expect(upgradeTargets('3.7.x.kraft')).not.toContain('3.8.x');
  expect(upgradeTargets('3.7.x')).toContain('3.8.x');
});

test('an injected fault hits the named operation as often as told, under the service’s own error name', async () => {
  const describe = () => msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
  aws.injectFault({ service: 'kafka', operation: 'DescribeClusterV2', kind: '429', times: 1 });
  await expect(describe()).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  await expect(describe()).resolves.toBeDefined();
  aws.injectFault({ service: 'kafka', operation: 'DescribeClusterV2', kind: '403' });
  await expect(describe()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('kafka:DescribeClusterV2'),
  });
  await expect(msk.send(new ListClustersV2Command({}))).resolves.toBeDefined();
  aws.clearFaults();
  aws.injectFault({ service: 'kafka', operation: '*', kind: '500', times: 1 });
  await expect(describe()).rejects.toMatchObject({ name: 'InternalServerErrorException' });
});

test('a cut connection ends without an answer, a slow one late; the log tells both', async () => {
  const describe = () => msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
  aws.injectFault({ service: 'kafka', operation: 'DescribeClusterV2', kind: 'cut', times: 1 });
  await expect(describe()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(aws.requests.at(-1)).toMatchObject({
    service: 'kafka',
    operation: 'DescribeClusterV2',
    status: 0,
    fault: 'cut',
  });
  aws.injectFault({ service: 'kafka', operation: 'DescribeClusterV2', kind: 'slow', delayMs: 300, times: 1 });
  const startedMs = Date.now();
  await describe();
  expect(Date.now() - startedMs).toBeGreaterThanOrEqual(290);
  expect(aws.requests.at(-1)).toMatchObject({ status: 200, fault: 'slow' });
});
