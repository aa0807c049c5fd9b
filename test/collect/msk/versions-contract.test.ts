// ListKafkaVersions and GetCompatibleKafkaVersions on the wire: the cluster's own version in MSK's several spellings, and one call failing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectVersions } from '../../../lib/collect/msk/read-versions.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { MSK_VERSIONS } from '../../../sandbox/aws/msk/versions.ts';
import { type MskFront, pathsOf, readValue, startMskFront, without } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-zookeeper';
const DENIED = new AwsError('ForbiddenException', 'no', 403);

async function collected(kafkaVersion: string | null = '3.9.x') {
  const versions = await front.read(KIND, (reading) => collectVersions(reading, kafkaVersion));
  return { ...readValue(versions), partial: (versions as { partial?: string }).partial };
}

test.each([
  ['standard-zookeeper', ['3.9.x.kraft', '4.0.x.kraft', '4.1.x.kraft', '4.2.x.kraft']],
  ['standard-kraft', ['4.1.x.kraft', '4.2.x.kraft']],
  ['tiered', ['4.0.x.kraft', '4.1.x.kraft', '4.2.x.kraft']],
  ['express', ['4.0.x.kraft', '4.1.x.kraft', '4.2.x.kraft']],
] as const)('of a %s cluster status and targets are read', async (kind, upgradeTargets) => {
  front.answer(kind);
  const { versions } = await front.collect(kind);
  expect(readValue(versions)).toEqual({ status: 'ACTIVE', upgradeTargets });
  expect(versions).not.toHaveProperty('partial');
});

test('a serverless cluster has no version to ask about', async () => {
  front.answer('serverless');
  expect((await front.collect('serverless')).versions).toMatchObject({ ok: false, reason: 'not-supported' });
  expect(front.called().filter((name) => name.includes('KafkaVersions'))).toEqual([]);
});

describe('the status is that of the cluster’s own version', () => {
  const list = [
    { version: '3.9.x', status: 'ACTIVE' },
    { version: '3.9.x.kraft', status: 'DEPRECATED' },
    { version: '4.1.x', status: 'ACTIVE' },
    { version: '2.8.2.tiered', status: 'DEPRECATED' },
    { version: '3.6.0', status: 'GONE_SOON' },
    { version: '3.5.1' },
    { status: 'ACTIVE' },
  ];
  test.each<[string, string | null, string]>([
    ['3.9.x', 'ACTIVE', 'its own spelling'],
    ['3.9.x.kraft', 'DEPRECATED', 'its own spelling'],
    ['4.1.x.kraft', 'ACTIVE', 'the line without the mode'],
    ['3.9.1', 'ACTIVE', 'the line of the patch'],
    ['2.8.2.tiered', 'DEPRECATED', 'its own spelling'],
    ['3.6.0', 'GONE_SOON', 'a word that AWS may add'],
    ['3.5.1', null, 'no status told'],
    ['3.4.0', null, 'not in the list'],
    ['3.90.x', null, 'another line'],
  ])('%s is %s: %s', async (version, status) => {
    front.answer(KIND, { ListKafkaVersions: { kafkaVersions: list } });
    expect((await collected(version)).status).toBe(status);
  });
});

describe('targets are those of the cluster’s own version', () => {
  const target = ['4.0.x.kraft'];
  test.each([
    ['one entry', [{ sourceVersion: '3.9.x', targetVersions: target }], target],
    ['the line without the mode', [{ sourceVersion: '3.9.x.kraft', targetVersions: target }], target],
    [
      'several entries',
      [
        { sourceVersion: '3.8.x', targetVersions: ['9'] },
        { sourceVersion: '3.9.x', targetVersions: target },
      ],
      target,
    ],
    ['named twice', [{ sourceVersion: '3.9.x', targetVersions: [...target, ...target] }], target],
    ['an entry that does not name its source', [{ targetVersions: target }], target],
    ['none: the newest version', [], []],
    ['an entry without targets', [{ sourceVersion: '3.9.x' }], []],
  ])('%s', async (_, compatibleKafkaVersions, upgradeTargets) => {
    front.answer(KIND, { GetCompatibleKafkaVersions: { compatibleKafkaVersions } });
    expect(await collected()).toMatchObject({ upgradeTargets, partial: undefined });
  });

  test('of another version alone are not taken for its own', async () => {
    const compatibleKafkaVersions = [{ sourceVersion: '3.8.x', targetVersions: target }];
    front.answer(KIND, { GetCompatibleKafkaVersions: { compatibleKafkaVersions } });
    expect(await collected()).toMatchObject({
      upgradeTargets: null,
      partial: expect.stringContaining('other versions'),
    });
  });
});

describe('each field may be missing', () => {
  const known = { kafkaVersions: MSK_VERSIONS.filter(({ version }) => version === '3.9.x') };
  test.each(pathsOf(known))('of the list: %s', async (path) => {
    front.answer(KIND, { ListKafkaVersions: without(known, path) });
    const partial = path === 'kafkaVersions' ? 'kafka:ListKafkaVersions: the answer holds no KafkaVersions' : undefined;
    expect(await collected()).toMatchObject({ status: null, upgradeTargets: expect.any(Array), partial });
  });

  const compatible = { compatibleKafkaVersions: [{ sourceVersion: '3.9.x', targetVersions: ['4.0.x.kraft'] }] };
  test.each(pathsOf(compatible))('of the upgrades: %s', async (path) => {
    front.answer(KIND, { GetCompatibleKafkaVersions: without(compatible, path) });
    const isGone = path === 'compatibleKafkaVersions';
    expect(await collected()).toMatchObject({
      status: 'ACTIVE',
      upgradeTargets: isGone ? null : expect.any(Array),
      partial: isGone ? 'kafka:GetCompatibleKafkaVersions: the answer holds no CompatibleKafkaVersions' : undefined,
    });
  });
});

test('without the cluster’s version its list of upgrades names it', async () => {
  front.answer(KIND);
  expect(await collected(null)).toMatchObject({
    status: 'ACTIVE',
    upgradeTargets: expect.arrayContaining(['4.0.x.kraft']),
  });
});

test('a version that nobody names has no status, and that is said', async () => {
  front.answer(KIND, {
    GetCompatibleKafkaVersions: { compatibleKafkaVersions: [] },
  });
  expect(await collected(null)).toEqual({
    status: null,
    upgradeTargets: [],
    partial: "the cluster's own version is not known",
  });
});

test('one call refused leaves the other, and its permission is named', async () => {
  front.answer(KIND, { ListKafkaVersions: DENIED });
  expect(await collected()).toMatchObject({
    status: null,
    upgradeTargets: expect.arrayContaining(['4.0.x.kraft']),
    partial: expect.stringMatching(/^kafka:ListKafkaVersions .*\. Allow kafka:ListKafkaVersions on \* for the caller$/),
  });
  front.answer(KIND, { GetCompatibleKafkaVersions: DENIED });
  expect(await collected()).toMatchObject({
    status: 'ACTIVE',
    upgradeTargets: null,
    partial: expect.stringContaining('Allow kafka:GetCompatibleKafkaVersions on *'),
  });
});

test('both calls refused name both permissions', async () => {
  front.answer(KIND, { ListKafkaVersions: DENIED, GetCompatibleKafkaVersions: DENIED });
  expect((await front.collect(KIND)).versions).toMatchObject({
    ok: false,
    reason: 'not-permitted',
    fix: 'Allow kafka:ListKafkaVersions on * for the caller; Allow kafka:GetCompatibleKafkaVersions on * for the caller',
  });
});

test('a list of all versions alone says nothing about a cluster whose version is not known', async () => {
  front.answer(KIND, { GetCompatibleKafkaVersions: DENIED });
  expect(await front.read(KIND, (reading) => collectVersions(reading, null))).toMatchObject({
    ok: false,
    fix: 'Allow kafka:GetCompatibleKafkaVersions on * for the caller',
  });
});
