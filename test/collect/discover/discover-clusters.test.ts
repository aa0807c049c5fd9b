// Clusters of several accounts and regions, asked by the real clients. One that cannot be read is named, the others are listed.
import { afterEach, expect, test, vi } from 'vitest';
import { discoverClusters } from '../../../lib/collect/discover/discover-clusters.ts';
import type { Discovery, DiscoveryRequest } from '../../../lib/collect/discover/discovery.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import type { AwsFront } from '../aws-front.ts';
import { inFastTime } from '../fast-time.ts';
import { aCluster, OTHER, OWN, startWorld, type Where, type World } from './many-accounts.ts';

let front: AwsFront & { assumed: URLSearchParams[] };

afterEach(async () => {
  vi.unstubAllEnvs();
  await front?.close();
});

async function discover(world: World, request: Partial<DiscoveryRequest>): Promise<Discovery> {
  front = await startWorld(world);
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  return await discoverClusters({ regions: ['eu-west-1'], deadlineMs: Date.now() + 20_000, ...request });
}

/** One cluster in each account and region. */
const one = (where: Where) => ({ clusterInfoList: [aCluster(where, 'orders')] });
const denied = () => {
  const message = 'User: arn:aws:sts::999988887777:assumed-role/ops/jane is not authorized to perform: sts:AssumeRole';
  throw new AwsError('AccessDenied', message, 403);
};
const BOTH = { regions: ['us-east-1', 'eu-west-1'], accounts: [OTHER, OWN], roleName: 'team/reader' };
const places = ({ clusters }: Discovery) => clusters.map(({ accountId, region }) => `${accountId} ${region}`);

test('the own account is read as it is, without asking who the caller is', async () => {
  const found = await discover({ clusters: one }, { regions: ['us-east-1', 'eu-west-1', 'us-east-1'] });
  expect(found.problems).toEqual([]);
  expect(found.lists).toEqual({ asked: 2, read: 2 });
  expect(found.clusters[0]).toEqual({
    arn: `arn:aws:kafka:eu-west-1:${OWN}:cluster/orders/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7`,
    name: 'orders',
    kind: 'provisioned-standard',
    state: 'ACTIVE',
    region: 'eu-west-1',
    accountId: OWN,
    tags: {},
  });
  expect(places(found)).toEqual([`${OWN} eu-west-1`, `${OWN} us-east-1`]);
  expect(front.requests.map(({ operation }) => operation)).toEqual(['ListClustersV2', 'ListClustersV2']);
});

test('in another account the role is assumed, in the own one it is not', async () => {
  const found = await discover({ clusters: one }, BOTH);
  expect(places(found)).toEqual([`${OWN} eu-west-1`, `${OWN} us-east-1`, `${OTHER} eu-west-1`, `${OTHER} us-east-1`]);
  const [first] = front.assumed;
  expect(front.assumed).toHaveLength(2);
  expect(first!.get('RoleArn')).toBe(`arn:aws:iam::${OTHER}:role/team/reader`);
  expect(first!.get('RoleSessionName')).toBe('msk-checkup');
  expect(first!.has('ExternalId')).toBe(false);
});

test('roles by their ARNs need no look at the caller, and carry the external id that was given', async () => {
  const roleArns = [`arn:aws:iam::${OTHER}:role/other-name`];
  const found = await discover({ clusters: one }, { roleArns, externalId: 'hub-7' });
  expect(places(found)).toEqual([`${OTHER} eu-west-1`]);
  expect(front.assumed.map((form) => [form.get('RoleArn'), form.get('ExternalId')])).toEqual([[roleArns[0], 'hub-7']]);
  expect(front.requests.map(({ operation }) => operation)).not.toContain('GetCallerIdentity');
});

test.each([
  ['cn-north-1', 'arn:aws-cn:iam'],
  ['us-gov-west-1', 'arn:aws-us-gov:iam'],
])('in %s the role is one of its own partition', async (region, prefix) => {
  await discover({ clusters: () => ({ clusterInfoList: [] }) }, { ...BOTH, regions: [region] });
  expect(front.assumed[0]!.get('RoleArn')).toBe(`${prefix}::${OTHER}:role/team/reader`);
});

test('regions of two partitions are refused before anything is asked', async () => {
  await expect(discover({ clusters: one }, { regions: ['eu-west-1', 'cn-north-1'] })).rejects.toMatchObject({
    name: 'CollectError',
    code: 'wrong-region',
  });
  expect(front.requests).toEqual([]);
});

test('every state and kind is listed, with whatever AWS leaves out', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const changes = [
    { state: 'CREATING', provisioned: undefined },
    { state: 'DELETING', provisioned: { brokerNodeGroupInfo: { instanceType: 'express.m7g.large' } } },
    { clusterType: 'SERVERLESS', provisioned: undefined, serverless: {}, tags: undefined },
    { state: 'SOMETHING_NEW', clusterName: undefined, clusterType: 'MOON' },
    { state: undefined, provisioned: { brokerNodeGroupInfo: {} } },
  ];
  const clusters = (where: Where) => ({ clusterInfoList: names.map((name, i) => aCluster(where, name, changes[i])) });
  const found = await discover({ clusters }, {});
  expect(found.clusters.map(({ name, kind, state, tags }) => [name, kind, state, tags])).toEqual([
    ['a', 'unknown', 'CREATING', {}],
    ['b', 'provisioned-express', 'DELETING', {}],
    ['c', 'serverless', 'ACTIVE', null],
    ['d', 'provisioned-standard', 'SOMETHING_NEW', {}],
    ['e', 'unknown', 'UNKNOWN', {}],
  ]);
});

test('all pages are read, and a cluster that moved from one to the next is listed once', async () => {
  const clusters = (where: Where, { url }: { url: URL }) =>
    url.searchParams.get('nextToken') === null
      ? { clusterInfoList: [aCluster(where, 'b'), aCluster(where, 'a')], nextToken: 'n' }
      : { clusterInfoList: [aCluster(where, 'c'), aCluster(where, 'a')] };
  const found = await discover({ clusters }, {});
  expect(found.clusters.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(found.problems).toEqual([]);
});

test.each([
  ['repeats its token', () => 'same', 2],
  ['never ends', (index: number) => `t${index}`, 50],
])('a list that %s is cut, and said to be a part', async (_, tokenOf, pages) => {
  const clusters = (where: Where, { index }: { index: number }) => ({
    clusterInfoList: [aCluster(where, `c${index}`)],
    nextToken: tokenOf(index),
  });
  const found = await discover({ clusters }, {});
  expect(found.clusters).toHaveLength(pages);
  expect(found.problems).toMatchObject([{ kind: 'incomplete', region: 'eu-west-1', fix: null, permission: null }]);
});

test('what cannot be a cluster is told, not left out in silence', async () => {
  const broken = [{ clusterName: 'x' }, { clusterArn: 'arn:aws:kafka:eu-west-1:1:cluster/\u202e' }];
  const found = await discover({ clusters: (where) => ({ clusterInfoList: [...broken, aCluster(where, 'a')] }) }, {});
  expect(found.clusters).toHaveLength(1);
  expect(found.problems.map(({ detail }) => detail)).toEqual([
    'kafka:ListClustersV2 in eu-west-1: a cluster came without its ARN',
    expect.stringContaining('an ARN that is not understood'),
  ]);
});

test('an answer without a list is no empty list', async () => {
  const found = await discover({ clusters: () => ({}) }, {});
  expect(found.lists).toEqual({ asked: 1, read: 0 });
  expect(found.problems).toMatchObject([
    { kind: 'incomplete', detail: 'kafka:ListClustersV2 in eu-west-1: the answer holds no list' },
  ]);
});

const TAGGED = (where: Where) => ({
  clusterInfoList: [
    aCluster(where, 'both', { tags: { team: 'pay', env: 'prod' } }),
    aCluster(where, 'one', { tags: { team: 'pay', env: 'dev' } }),
    aCluster(where, 'none'),
    aCluster(where, 'untold', { tags: undefined }),
  ],
});
const FILTER = {
  tags: [
    { key: 'team', value: 'pay' },
    { key: 'env', value: 'prod' },
  ],
};

test('several tags must all fit, and those that the list does not hold are asked for', async () => {
  const tags = () => ({ tags: { team: 'pay', env: 'prod' } });
  const found = await discover({ clusters: TAGGED, tags }, FILTER);
  expect(found.clusters.map(({ name }) => name)).toEqual(['both', 'untold']);
  expect(front.requests.filter(({ operation }) => operation === 'ListTagsForResource')).toHaveLength(1);
});

test('tags named as JavaScript’s own decide nothing', async () => {
  const found = await discover({ clusters: TAGGED }, { tags: [{ key: 'constructor', value: 'x' }] });
  expect(found.clusters).toEqual([]);
});

test('a cluster whose tags may not be read is named with the permission, since the filter cannot decide', async () => {
  const tags = () => {
    throw new AwsError('ForbiddenException', 'no', 403);
  };
  const found = await discover({ clusters: TAGGED, tags }, FILTER);
  expect(found.clusters.map(({ name }) => name)).toEqual(['both']);
  const arn = expect.stringContaining(':cluster/untold/');
  expect(found.problems).toMatchObject([
    { clusterArn: arn, permission: { action: 'kafka:ListTagsForResource', resource: arn } },
  ]);
});

test('an account that denies AssumeRole is named with it in each region, and the own account goes on', async () => {
  const found = await discover({ clusters: one, assume: denied }, BOTH);
  expect(places(found)).toEqual([`${OWN} eu-west-1`, `${OWN} us-east-1`]);
  expect(found.lists).toEqual({ asked: 4, read: 2 });
  const resource = `arn:aws:iam::${OTHER}:role/team/reader`;
  expect(found.problems).toEqual(
    ['eu-west-1', 'us-east-1'].map((region) => ({
      accountId: OTHER,
      region,
      clusterArn: null,
      kind: 'not-permitted',
      reason: 'not-permitted',
      detail: `sts:AssumeRole in ${region}: the caller may not do this (AccessDenied)`,
      fix: `Allow sts:AssumeRole on ${resource} for the caller, and let the role's trust policy name the caller`,
      permission: { action: 'sts:AssumeRole', resource },
    })),
  );
  expect(JSON.stringify(found)).not.toMatch(/999988887777|jane/);
});

test('an account whose role may not list is named with kafka:ListClustersV2', async () => {
  const clusters = (where: Where) => (where.accountId === OTHER ? denied() : one(where));
  const found = await discover({ clusters }, BOTH);
  expect(found.problems.map(({ permission }) => permission)).toEqual([
    { action: 'kafka:ListClustersV2', resource: '*' },
    { action: 'kafka:ListClustersV2', resource: '*' },
  ]);
});

test('an account without a role to assume is named, not left out', async () => {
  const found = await discover({ clusters: one }, { accounts: [OWN, OTHER] });
  expect(places(found)).toEqual([`${OWN} eu-west-1`]);
  expect(found.problems).toMatchObject([{ accountId: OTHER, region: 'eu-west-1', fix: 'Name the role: --role-name' }]);
});

test('credentials that one region does not know, and another does, are those of a region that is not enabled', async () => {
  const clusters = (where: Where) => (where.region === 'ap-east-1' ? null : one(where));
  const found = await discover({ clusters }, { regions: ['ap-east-1', 'eu-west-1'] });
  expect(found.problems).toMatchObject([
    { region: 'ap-east-1', kind: 'region-not-enabled', fix: expect.stringContaining('--region-name ap-east-1') },
  ]);
});

test('credentials that no region knows may simply be wrong', async () => {
  const found = await discover({ clusters: () => null }, { regions: ['ap-east-1', 'eu-west-1'] });
  expect(found.problems.map(({ kind }) => kind)).toEqual(['refused-credentials', 'refused-credentials']);
});

test('credentials of a role that STS gave just now are right, wherever they are not known', async () => {
  const found = await discover({ clusters: () => null }, { roleArns: [`arn:aws:iam::${OTHER}:role/r`] });
  expect(found.problems.map(({ kind }) => kind)).toEqual(['region-not-enabled']);
});

test('who the caller is, STS of the next region is asked when the first one is not enabled', async () => {
  const identity = (region: string) => {
    if (region === 'ap-east-1') throw new AwsError('InvalidClientTokenId', 'The security token is invalid', 403);
  };
  const found = await discover({ clusters: one, identity }, { regions: ['ap-east-1', 'eu-west-1'], accounts: [OWN] });
  expect(found.lists.read).toBe(2);
});

test('credentials of one account that expired do not end the others', async () => {
  const clusters = (where: Where) => {
    if (where.accountId === OTHER) throw new AwsError('ExpiredTokenException', 'expired', 403);
    return one(where);
  };
  const found = await discover({ clusters }, BOTH);
  expect(places(found)).toHaveLength(2);
  expect(found.problems.map(({ kind }) => kind)).toEqual(['expired-credentials', 'expired-credentials']);
});

test('a burst of throttling is waited out', async () => {
  const clusters = (where: Where, { index }: { index: number }) => {
    if (index === 0) throw new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
    return one(where);
  };
  const { value: found } = await inFastTime(() => discover({ clusters }, {}));
  expect([places(found), found.problems]).toEqual([[`${OWN} eu-west-1`], []]);
});

test('a region that does not answer is given up at the deadline, and the others are there', async () => {
  const clusters = (where: Where) => (where.region === 'us-east-1' ? new Promise<object>(() => {}) : one(where));
  const startedMs = Date.now();
  const found = await discover({ clusters }, { regions: ['us-east-1', 'eu-west-1'], deadlineMs: startedMs + 400 });
  expect(Date.now() - startedMs).toBeLessThan(2_000);
  expect(places(found)).toEqual([`${OWN} eu-west-1`]);
  expect(found.problems).toMatchObject([{ region: 'us-east-1', kind: 'timed-out', reason: 'timed-out' }]);
});

test('an interrupted search rejects with the reason of the interruption', async () => {
  const interrupt = new AbortController();
  front = await startWorld({ clusters: () => new Promise<object>(() => {}) });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const search = discoverClusters(
    { regions: ['eu-west-1'], deadlineMs: Date.now() + 20_000 },
    { signal: interrupt.signal },
  );
  setTimeout(() => interrupt.abort(new Error('stop')), 60);
  await expect(search).rejects.toThrow('stop');
});

test('without credentials it ends with one line, not with one a region', async () => {
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nonexistent');
  front = await startWorld({ clusters: one });
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  const search = discoverClusters({ regions: ['eu-west-1', 'us-east-1'], deadlineMs: Date.now() + 5_000 });
  await expect(search).rejects.toMatchObject({ name: 'CollectError', code: 'no-credentials' });
});
