// One stated outcome for every state that a cluster can be in: what is read of it, what is not, and the words for it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlPlane } from '../../../lib/collect/msk/control-plane.ts';
import { CLUSTER_STATES, whyUnreadable } from '../../../lib/facts/cluster-states.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { type ClusterKind, describedCluster } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { type MskFront, readValue, startMskFront, without, withValue } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const CALLS = [
  'DescribeClusterOperationV2',
  'DescribeClusterV2',
  'DescribeConfiguration',
  'DescribeConfigurationRevision',
  'GetBootstrapBrokers',
  'GetCompatibleKafkaVersions',
  'ListClusterOperationsV2',
  'ListKafkaVersions',
  'ListNodes',
  'ListScramSecrets',
];
const OF_BROKERS = [
  'GetBootstrapBrokers',
  'GetCompatibleKafkaVersions',
  'ListKafkaVersions',
  'ListNodes',
  'ListScramSecrets',
];
const OF_DESCRIPTION = ['DescribeClusterV2'];

function missingOf(sections: ControlPlane) {
  return Object.fromEntries(
    Object.entries(sections).flatMap(([name, section]) =>
      section.ok ? [] : [[name, `${section.reason}: ${section.detail}`]],
    ),
  );
}

function collectIn(state: string, kind: ClusterKind = 'standard-kraft') {
  front.answer(kind, { DescribeClusterV2: { clusterInfo: describedCluster(kind, { state }) } });
  return front.collect(kind);
}

const CREATING = 'not-supported: the cluster is being created: it has no brokers yet';
const FAILED = 'not-supported: the creation or deletion of the cluster failed: it has no brokers';
const DELETING = 'not-supported: the cluster is being deleted: MSK answers nothing but its description';

/** State to the calls it is worth, and what is missing because of it. */
const OUTCOMES: Readonly<Record<string, readonly [calls: string[], missing: Record<string, string>]>> = {
  ACTIVE: [CALLS, {}],
  UPDATING: [CALLS, {}],
  MAINTENANCE: [CALLS, {}],
  REBOOTING_BROKER: [CALLS, {}],
  HEALING: [CALLS, {}],
  CREATING: [
    CALLS.filter((call) => !OF_BROKERS.includes(call)),
    { nodes: CREATING, bootstrap: CREATING, versions: CREATING },
  ],
  FAILED: [CALLS.filter((call) => !OF_BROKERS.includes(call)), { nodes: FAILED, bootstrap: FAILED, versions: FAILED }],
  DELETING: [
    OF_DESCRIPTION,
    { nodes: DELETING, bootstrap: DELETING, configuration: DELETING, operations: DELETING, versions: DELETING },
  ],
  /** A state that AWS may add: everything is asked for. */
  TELEPORTING: [CALLS, {}],
};

test.each(Object.entries(OUTCOMES))('of a cluster in state %s', async (state, [calls, missing]) => {
  const sections = await collectIn(state);
  expect(front.called()).toEqual(calls);
  expect(missingOf(sections)).toEqual(missing);
  expect(readValue(sections.cluster).state).toBe(state);
  expect(sections.security.ok && sections.tags.ok).toBe(true);
});

test('no state of the table is left out here', () => {
  expect(Object.keys(OUTCOMES).sort()).toEqual([...Object.keys(CLUSTER_STATES), 'TELEPORTING'].sort());
});

test('the topic API is asked of ACTIVE clusters only, metrics of all that have brokers', () => {
  const readable = (section: 'mskTopics' | 'metrics') =>
    Object.keys(CLUSTER_STATES).filter((state) => whyUnreadable(state, section) === null);
  expect(readable('mskTopics')).toEqual(['ACTIVE']);
  expect(readable('metrics')).toEqual(['ACTIVE', 'HEALING', 'MAINTENANCE', 'REBOOTING_BROKER', 'UPDATING']);
  expect(whyUnreadable('TELEPORTING', 'mskTopics')).toBeNull();
  expect(whyUnreadable('constructor', 'mskTopics')).toBeNull();
});

test('of a failed cluster AWS’s own words and the failed operation are kept', async () => {
  const clusterInfo = {
    ...describedCluster('standard-kraft', { state: 'FAILED' }),
    stateInfo: { code: 'InsufficientFreeAddresses', message: 'no addresses left in subnet-0a1' },
  };
  front.answer('standard-kraft', { DescribeClusterV2: { clusterInfo } });
  const { cluster, operations } = await front.collect('standard-kraft');
  expect(readValue(cluster).stateInfo).toEqual(clusterInfo.stateInfo);
  expect(readValue(operations)[0]?.details?.error).not.toBeNull();
});

test.each(['CREATING', 'DELETING', 'FAILED'])(
  'of a serverless cluster in state %s the kind comes first',
  async (state) => {
    const sections = await collectIn(state, 'serverless');
    expect(sections.nodes).toMatchObject({ ok: false, detail: 'a serverless cluster has no brokers to list' });
    expect(sections.bootstrap).toMatchObject({ ok: false, reason: 'not-supported' });
  },
);

describe('a cluster that is deleted while it is read', () => {
  const GONE = new AwsError('NotFoundException', 'The requested resource does not exist.', 404);
  const deleted = (action: string) => `failed: kafka:${action}: the cluster was deleted while it was read`;

  test('leaves what was read, and each other section says so', async () => {
    const clusterInfo = without(describedCluster('standard-kraft'), 'tags');
    const gone = Object.fromEntries([...CALLS, 'ListTagsForResource'].map((call) => [call, GONE]));
    front.answer('standard-kraft', { ...gone, DescribeClusterV2: { clusterInfo } });
    const sections = await front.collect('standard-kraft');
    expect(missingOf(sections)).toEqual({
      nodes: deleted('ListNodes'),
      bootstrap: deleted('GetBootstrapBrokers'),
      operations: deleted('ListClusterOperationsV2'),
      tags: deleted('ListTagsForResource'),
      versions: `${deleted('ListKafkaVersions')}; ${deleted('GetCompatibleKafkaVersions').replace('failed: ', '')}`,
      // A configuration outlives its clusters: it is the one that is gone.
      configuration: expect.stringMatching(/^failed: .*AWS does not know the resource/),
    });
    expect(sections.security).toMatchObject({
      ok: true,
      partial: 'no SCRAM secrets: kafka:ListScramSecrets: the cluster was deleted while it was read',
    });
  });

  test('in the middle of a list', async () => {
    front.answer('standard-kraft', {
      ListNodes: ({ index }: { index: number }) => (index === 0 ? { nodeInfoList: [], nextToken: 'n' } : GONE),
    });
    const { nodes, bootstrap } = await front.collect('standard-kraft');
    expect(nodes).toMatchObject({ ok: false, detail: 'kafka:ListNodes: the cluster was deleted while it was read' });
    expect(bootstrap.ok).toBe(true);
  });

  test('is not told of one that was never described', async () => {
    const denied = new AwsError('ForbiddenException', 'no', 403);
    front.answer('standard-kraft', { DescribeClusterV2: denied, ListNodes: GONE });
    const { nodes } = await front.collect('standard-kraft');
    expect(nodes).toMatchObject({ ok: false, detail: expect.stringContaining('AWS does not know the resource') });
  });
});

test('a state that is not told is none, and that is said', async () => {
  front.answer('standard-kraft', {
    DescribeClusterV2: { clusterInfo: withValue(describedCluster('standard-kraft'), 'state', undefined) },
  });
  const { cluster, nodes } = await front.collect('standard-kraft');
  expect(cluster).toMatchObject({ value: { state: 'UNKNOWN' }, partial: 'the answer holds no State' });
  expect(nodes.ok).toBe(true);
});

test('a cluster that heals is not said to serve everybody: partitions may be without a leader meanwhile', () => {
  expect(CLUSTER_STATES.HEALING!.meaning).toBe('MSK is replacing an unhealthy broker; updates wait');
});
