// ListClusterOperationsV2 and DescribeClusterOperationV2 on the wire: what is kept, what is asked for one by one, what may be missing.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectOperations, MAX_DETAILED_OPERATIONS } from '../../../lib/collect/msk/read-operations.ts';
import { operationsSchema } from '../../../lib/snapshot/aws-sections.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { configurationArnOf } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { operation, summaryOf } from '../../../sandbox/aws/msk/kind-answers.ts';
import type { AnsweredCall } from '../aws-front.ts';
import { type MskFront, NOW_MS, pathsOf, readValue, startMskFront, without } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-zookeeper';
const DAY_MS = 86_400_000;
const FULL = operation(KIND);
const MUTABLE = {
  brokerCount: 3,
  instanceType: 'kafka.m5.large',
  kafkaVersion: '3.9.x',
  configuration: { arn: configurationArnOf(KIND), revision: 4 },
  enhancedMonitoring: 'PER_BROKER',
  storageMode: 'LOCAL',
  rebalancing: 'PAUSED',
};

function daysAgo(days: number): string {
  return new Date(NOW_MS - days * DAY_MS).toISOString();
}

/** An operation of the list; times in days before the run. */
function listed(name: string, fields: Record<string, unknown> = {}) {
  return {
    operationArn: `arn:aws:kafka:us-east-1:111122223333:cluster-operation/${name}`,
    operationType: 'UPDATE_BROKER_STORAGE',
    operationState: 'UPDATE_COMPLETE',
    startTime: daysAgo(1),
    endTime: daysAgo(1),
    ...fields,
  };
}

function answerList(...operations: object[]): void {
  front.answer(KIND, { ListClusterOperationsV2: { clusterOperationInfoList: operations } });
}

async function collected() {
  const section = await front.read(KIND, collectOperations);
  return {
    operations: v.parse(operationsSchema, readValue(section)),
    partial: (section as { partial?: string }).partial,
  };
}

test('an operation is read whole, with what it changed and why it failed', async () => {
  front.answer(KIND);
  const { operations, partial } = await collected();
  expect(operations).toEqual([
    {
      arn: FULL.operationArn,
      type: 'UPDATE_BROKER_STORAGE',
      state: 'UPDATE_COMPLETE',
      startMs: Date.parse(FULL.startTime),
      endMs: Date.parse(FULL.endTime),
      details: {
        source: { ...MUTABLE, volumes: [{ broker: 'All', sizeGiB: 400, provisionedThroughputMiBPerSec: 312 }] },
        target: { ...MUTABLE, volumes: [{ broker: 'All', sizeGiB: 500, provisionedThroughputMiBPerSec: 312 }] },
        error: { code: 'STORAGE_COOLDOWN', text: 'Wait six hours' },
      },
    },
  ]);
  expect(partial).toBeUndefined();
});

describe('each field may be missing', () => {
  const list = { clusterOperationInfoList: [summaryOf(FULL)] };
  test.each(pathsOf(list))('of the list: %s', async (path) => {
    front.answer(KIND, { ListClusterOperationsV2: without(list, path) });
    // A list that is not there is not an empty one: no operation is no maintenance.
    if (path === 'clusterOperationInfoList') return expect(collected()).rejects.toThrow('the answer holds no');
    expect((await collected()).operations).toHaveLength(path === 'clusterOperationInfoList.0' ? 0 : 1);
  });

  const one = { clusterOperationInfo: FULL };
  test.each(pathsOf(one))('of one operation: %s', async (path) => {
    front.answer(KIND, { DescribeClusterOperationV2: without(one, path) });
    const { operations, partial } = await collected();
    if (path === 'clusterOperationInfo') {
      expect(operations[0]).not.toHaveProperty('details');
      expect(partial).toMatch(
        /^what 1 operation changed is not known: kafka:DescribeClusterOperationV2: the answer holds no ClusterOperationInfo$/,
      );
    } else {
      expect(operations[0]).toHaveProperty('details');
      expect(partial).toBeUndefined();
    }
  });
});

test('an operation on the network of a serverless cluster changes nothing of its brokers', async () => {
  const { provisioned: _, errorInfo: __, ...rest } = operation('serverless');
  const serverless = { sourceClusterInfo: { networkType: 'IPV4' }, targetClusterInfo: { networkType: 'DUAL' } };
  front.answer('serverless', { DescribeClusterOperationV2: { clusterOperationInfo: { ...rest, serverless } } });
  const { operations } = await front.collect('serverless');
  expect(readValue(operations)[0]?.details).toEqual({ source: null, target: null, error: null });
});

test('only what touches the last 28 days is kept, newest first, and what may still run', async () => {
  answerList(
    listed('ended-long-ago', { startTime: daysAgo(40), endTime: daysAgo(29) }),
    listed('ended-in-time', { startTime: daysAgo(40), endTime: daysAgo(27) }),
    listed('running', { startTime: daysAgo(90), endTime: undefined, operationState: 'UPDATE_IN_PROGRESS' }),
    listed('over-without-an-end', { startTime: daysAgo(29), endTime: undefined }),
    listed('without-times', { startTime: undefined, endTime: undefined }),
    listed('newest', { startTime: daysAgo(2) }),
  );
  const names = (await collected()).operations.map(({ arn }) => arn.split('/').pop());
  expect(names).toEqual(['newest', 'ended-in-time', 'running', 'without-times']);
});

test('types and states that AWS may add are kept, and their changes asked for', async () => {
  answerList(listed('a', { operationType: 'FOLD_BROKERS', operationState: 'FOLDED' }));
  const { operations } = await collected();
  expect(operations[0]).toMatchObject({ type: 'FOLD_BROKERS', state: 'FOLDED', details: expect.anything() });
});

test.each([
  ['SECURITY_PATCHING', 'UPDATE_COMPLETE', false],
  ['BROKER_UPDATE', 'UPDATE_COMPLETE', false],
  ['REBOOT_NODE', 'REBOOT_COMPLETE', false],
  ['SECURITY_PATCHING', 'UPDATE_FAILED', true],
  ['UPDATE_BROKER_TYPE', 'UPDATE_COMPLETE', true],
  ['INCREASE_BROKER_COUNT', 'UPDATE_COMPLETE', true],
  ['UPDATE_CLUSTER_CONFIGURATION', 'UPDATE_COMPLETE', true],
])('what %s (%s) changed is asked for: %s', async (operationType, operationState, isAsked) => {
  answerList(listed('a', { operationType, operationState }));
  await collected();
  expect(front.called().includes('DescribeClusterOperationV2')).toBe(isAsked);
});

test('the newest ten are asked for one by one, and how many are left out is said', async () => {
  answerList(...Array.from({ length: 13 }, (_, day) => listed(`${day}`, { startTime: daysAgo(day + 1) })));
  const { operations, partial } = await collected();
  expect(operations.map(({ details }) => details !== undefined)).toEqual([
    ...Array(MAX_DETAILED_OPERATIONS).fill(true),
    ...Array(3).fill(false),
  ]);
  expect(front.called().filter((name) => name === 'DescribeClusterOperationV2')).toHaveLength(MAX_DETAILED_OPERATIONS);
  expect(partial).toBe('what 3 older operations changed was not asked for');
});

test('an operation that AWS has forgotten says nothing about the cluster; the others keep their changes', async () => {
  const forgotten = new AwsError('NotFoundException', 'gone', 404);
  front.answer(KIND, {
    ListClusterOperationsV2: {
      clusterOperationInfoList: [listed('kept'), listed('forgotten', { startTime: daysAgo(3) })],
    },
    DescribeClusterOperationV2: ({ url }: AnsweredCall) =>
      url.pathname.includes('forgotten') ? forgotten : { clusterOperationInfo: FULL },
  });
  const { operations, partial } = await collected();
  expect(operations.map(({ details }) => details !== undefined)).toEqual([true, false]);
  expect(partial).toMatch(/^what 1 operation changed is not known: .*AWS does not know the resource/);
});

test('without the permission the list stays, and the permission is named once', async () => {
  front.answer(KIND, {
    ListClusterOperationsV2: { clusterOperationInfoList: [listed('a'), listed('b')] },
    DescribeClusterOperationV2: new AwsError('ForbiddenException', 'no', 403),
  });
  const { operations, partial } = await collected();
  expect(operations).toHaveLength(2);
  expect(partial).toMatch(/^what 2 operations changed is not known: .*\. Allow kafka:DescribeClusterOperationV2 on \*/);
});

test('text of a failure is short and safe to show', async () => {
  const errorInfo = { errorCode: 'E\n1', errorString: `\u001b[31m${'x'.repeat(5000)}` };
  front.answer(KIND, { DescribeClusterOperationV2: { clusterOperationInfo: { ...FULL, errorInfo } } });
  const { operations } = await collected();
  expect(operations[0]?.details?.error).toEqual({ code: 'E\\n1', text: expect.stringMatching(/^\\u001b\[31mx+\.\.#/) });
  expect(operations[0]?.details?.error?.text).toHaveLength(300);
});
