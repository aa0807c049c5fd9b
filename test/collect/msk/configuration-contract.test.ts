// DescribeConfiguration and DescribeConfigurationRevision on the wire: the revision in use, the newest one, and one call failing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { configurationArnOf, describedCluster } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { kindAnswers } from '../../../sandbox/aws/msk/kind-answers.ts';
import type { AnsweredCall } from '../aws-front.ts';
import { type MskFront, pathsOf, readValue, startMskFront, without, withValue } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-kraft';
const CREATED_MS = Date.parse('2026-01-02T03:04:05Z');
const described = () => kindAnswers(KIND).DescribeConfiguration;
const revision = () => kindAnswers(KIND).DescribeConfigurationRevision;
const properties = (text: string) => withValue(revision(), 'serverProperties', Buffer.from(text).toString('base64'));

/** Revision 4 is in use; of revision 7 the file says what `text` says. */
function newer(text: string) {
  return {
    DescribeConfiguration: withValue(described(), 'latestRevision.revision', 7),
    DescribeConfigurationRevision: ({ url }: AnsweredCall) =>
      url.pathname.endsWith('/7') ? properties(text) : properties('num.partitions=1\n'),
  };
}

async function configuration() {
  return (await front.collect(KIND)).configuration;
}

test.each(['standard-zookeeper', 'standard-kraft', 'tiered', 'express'] as const)(
  'of a %s cluster the revision in use is read, which is the newest',
  async (kind) => {
    front.answer(kind);
    const read = (await front.collect(kind)).configuration;
    expect(readValue(read)).toEqual({
      arn: configurationArnOf(kind),
      revision: 4,
      createdAtMs: CREATED_MS,
      properties: { 'min.insync.replicas': '2' },
      problem: null,
      state: 'ACTIVE',
      latest: { revision: 4, createdAtMs: CREATED_MS, properties: { 'min.insync.replicas': '2' } },
    });
    expect(read).not.toHaveProperty('partial');
    const calls = front.called().filter((name) => name.startsWith('DescribeConfiguration'));
    expect(calls).toEqual(['DescribeConfiguration', 'DescribeConfigurationRevision']);
  },
);

test('a newer revision that nobody rolled out is read too, so that the difference can be shown', async () => {
  front.answer(KIND, newer('num.partitions=6\nssl.keystore.password=hunter2\n'));
  expect(readValue(await configuration())).toMatchObject({
    revision: 4,
    properties: { 'num.partitions': '1' },
    latest: { revision: 7, properties: { 'num.partitions': '6' } },
  });
});

test('a cluster without a configuration of its own is not asked for one', async () => {
  const clusterInfo = without(describedCluster(KIND), 'provisioned.currentBrokerSoftwareInfo.configurationArn');
  front.answer(KIND, { DescribeClusterV2: { clusterInfo } });
  expect(await configuration()).toMatchObject({ ok: false, reason: 'not-enabled' });
  expect(front.called().filter((name) => name.startsWith('DescribeConfiguration'))).toEqual([]);
});

describe('each field may be missing', () => {
  test.each(pathsOf(revision()))('of the revision: %s', async (path) => {
    front.answer(KIND, { DescribeConfigurationRevision: without(revision(), path) });
    const read = await configuration();
    if (path === 'serverProperties') {
      // What the file sets is unknown, which is not the same as a file that sets nothing.
      expect(readValue(read)).toMatchObject({ properties: {}, problem: expect.stringContaining('ServerProperties') });
      expect(read).toMatchObject({ partial: expect.stringContaining('ServerProperties') });
      return;
    }
    expect(readValue(read)).toMatchObject({ properties: { 'min.insync.replicas': '2' }, problem: null });
    expect(readValue(read).createdAtMs).toBe(path === 'creationTime' ? null : CREATED_MS);
  });

  test.each(pathsOf(described()))('of the configuration: %s', async (path) => {
    front.answer(KIND, { DescribeConfiguration: without(described(), path) });
    const read = await configuration();
    const isUntold = ['latestRevision', 'latestRevision.revision'].includes(path);
    expect(readValue(read).latest?.revision ?? null).toBe(isUntold ? null : 4);
    expect(readValue(read).state).toBe(path === 'state' ? null : 'ACTIVE');
    expect('partial' in read).toBe(isUntold);
  });
});

test('a state that AWS may add is kept as it is', async () => {
  front.answer(KIND, { DescribeConfiguration: withValue(described(), 'state', 'ARCHIVED') });
  expect(readValue(await configuration()).state).toBe('ARCHIVED');
});

test('an empty file sets nothing, and that is known', async () => {
  front.answer(KIND, { DescribeConfigurationRevision: properties('') });
  const read = await configuration();
  expect(readValue(read)).toMatchObject({ properties: {}, problem: null });
  expect(read).not.toHaveProperty('partial');
});

test('a file without line breaks says nothing of what it sets, and gives away no secret of it', async () => {
  const text = 'auto.create.topics.enable=false\\nssl.keystore.password=hunter2\\n';
  front.answer(KIND, { DescribeConfigurationRevision: properties(text) });
  const read = await configuration();
  expect(readValue(read)).toMatchObject({ properties: {}, problem: expect.stringContaining('line breaks') });
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

describe('one call failing costs no more than itself', () => {
  const denied = new AwsError('ForbiddenException', 'no', 403);

  test('without DescribeConfiguration the revision in use stands, and the missing right is named', async () => {
    front.answer(KIND, { DescribeConfiguration: denied });
    const read = await configuration();
    expect(readValue(read)).toMatchObject({ properties: { 'min.insync.replicas': '2' }, state: null, latest: null });
    expect(read).toMatchObject({ partial: expect.stringContaining('Allow kafka:DescribeConfiguration on arn:') });
  });

  test('without the newest revision its number is still known', async () => {
    const { DescribeConfiguration, DescribeConfigurationRevision } = newer('');
    front.answer(KIND, {
      DescribeConfiguration,
      DescribeConfigurationRevision: (call: AnsweredCall) =>
        call.url.pathname.endsWith('/7') ? denied : DescribeConfigurationRevision(call),
    });
    const read = await configuration();
    expect(readValue(read).latest).toMatchObject({ revision: 7, properties: null });
    expect(read).toHaveProperty('partial');
  });

  test('without the revision in use there is no section, and the missing right is named', async () => {
    front.answer(KIND, { DescribeConfigurationRevision: denied });
    expect(await configuration()).toMatchObject({
      ok: false,
      reason: 'not-permitted',
      fix: expect.stringContaining('kafka:DescribeConfigurationRevision'),
    });
  });

  test('a configuration that was deleted is no reason to lose the others', async () => {
    front.answer(KIND, { DescribeConfigurationRevision: new AwsError('NotFoundException', 'gone', 404) });
    const { configuration: read, nodes } = await front.collect(KIND);
    expect(read).toMatchObject({ ok: false, reason: 'failed' });
    expect(nodes.ok).toBe(true);
  });

  test('a cut connection is tried again', async () => {
    front.answer(KIND);
    front.faults.inject({ service: 'kafka', operation: 'DescribeConfigurationRevision', kind: 'cut', times: 1 });
    expect((await configuration()).ok).toBe(true);
  });

  test('a silent DescribeConfiguration ends with the run, which names it', async () => {
    front.answer(KIND);
    front.faults.inject({ service: 'kafka', operation: 'DescribeConfiguration', kind: 'slow', delayMs: 400 });
    const read = (await front.collect(KIND, { deadlineMs: 150 })).configuration;
    expect(read).toMatchObject({ ok: false, reason: 'timed-out' });
  });
});
