// Sections that are refused, fail or never answer: what the run keeps, and when it ends.
import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import { kafkaMissing, type ReadKafka } from '../../lib/collect/kafka-stage.ts';
import type { MskReader } from '../../lib/collect/msk/msk-reader.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { snapshotSchema } from '../../lib/snapshot/schema.ts';
import { DENIED, kafkaSections, options, PLAN, sources } from './answering-sources.ts';
import { ARN, aReader, awsError } from './msk/an-answer.ts';

test.each<[string, keyof MskReader, string]>([
  ['nodes', 'listNodes', 'Allow kafka:ListNodes on ' + ARN.arn],
  ['bootstrap', 'getBootstrapBrokers', 'Allow kafka:GetBootstrapBrokers on *'],
  [
    'configuration',
    'describeConfigurationRevision',
    'Allow kafka:DescribeConfigurationRevision on arn:aws:kafka:us-east-1:111122223333:configuration/',
  ],
  ['operations', 'listClusterOperations', 'Allow kafka:ListClusterOperationsV2 on ' + ARN.arn],
  ['cluster', 'describeCluster', 'Allow kafka:DescribeClusterV2 on ' + ARN.arn],
])('without permission for %s the rest goes on, and the section names the action', async (section, method, fix) => {
  const snapshot = await collectSnapshot(options(), sources({ msk: aReader({ [method]: DENIED }) }));
  expect(v.parse(snapshotSchema, snapshot)).toEqual(snapshot);
  const denied = snapshot.sections[section as 'nodes'];
  expect(denied).toMatchObject({ ok: false, reason: 'not-permitted' });
  expect(denied?.ok === false ? denied.fix : '').toContain(fix);
  expect(snapshot.sections.operations?.ok).toBe(section !== 'operations');
});

test('without the list of nodes the metrics of living brokers are read, and said to be a part', async () => {
  const { sections } = await collectSnapshot(options(), sources({ msk: aReader({ listNodes: DENIED }) }));
  expect(sections.metrics).toMatchObject({ ok: true, partial: expect.stringContaining('not asked for') });
  const ids = sections.metrics?.ok ? sections.metrics.value.series.map((series) => series.dimensions['Broker ID']) : [];
  expect(new Set(ids)).toEqual(new Set([undefined, '7']));
});

test('without the cluster its nodes tell the kind, and the metrics of the free level are read', async () => {
  const { sections } = await collectSnapshot(options(), sources({ msk: aReader({ describeCluster: DENIED }) }));
  expect(sections.metrics).toMatchObject({ ok: true, partial: expect.stringContaining('above the free level') });
  expect(sections.configuration).toMatchObject({ ok: false, reason: 'not-permitted' });
  expect(sections.tags).toMatchObject({ ok: true, value: { Environment: 'staging' } });
});

test('without the cluster and its nodes its metrics cannot be chosen', async () => {
  const msk = aReader({ describeCluster: DENIED, listNodes: DENIED });
  const { sections } = await collectSnapshot(options(), sources({ msk }));
  expect(sections.metrics).toMatchObject({ ok: false, reason: 'not-permitted' });
});

test('Kafka out of reach leaves the rest, with the reason in each of its sections', async () => {
  const readKafka = async () => kafkaMissing(PLAN, missing('unreachable', 'no way to b-1', 'open port 9098'));
  const { sections } = await collectSnapshot(options(), sources({ readKafka }));
  expect(sections.kafkaGroups).toEqual({
    ok: false,
    reason: 'unreachable',
    detail: 'no way to b-1',
    fix: 'open port 9098',
  });
  expect(sections.metrics?.ok).toBe(true);
});

test('a Kafka reader that throws does not end the run', async () => {
  const { sections } = await collectSnapshot(
    options(),
    sources({ readKafka: () => Promise.reject(new Error('secret')) }),
  );
  expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'failed' });
  expect(JSON.stringify(sections.kafkaTopics)).not.toContain('secret');
});

test('sources that never answer are given up at the deadline; what was read stays', async () => {
  const never = () => new Promise<never>(() => {});
  const msk = aReader({ listNodes: never });
  const started = Date.now();
  const { sections } = await collectSnapshot(
    options({ deadlineMs: started + 200 }),
    sources({ msk, readKafka: never }),
  );
  expect(Date.now() - started).toBeLessThan(2_000);
  expect(sections.cluster?.ok).toBe(true);
  expect(sections.nodes).toMatchObject({ ok: false, reason: 'timed-out' });
  expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'timed-out' });
});

test('Kafka gets less than the whole time, so that CloudWatch is still asked', async () => {
  const readKafka = vi.fn<ReadKafka>(async () => kafkaSections());
  const deadlineMs = Date.now() + 10_000;
  await collectSnapshot(options({ deadlineMs }), sources({ readKafka }));
  const given = readKafka.mock.calls[0]![0].deadlineMs;
  expect(given).toBeLessThanOrEqual(deadlineMs - 1_900);
  expect(given).toBeGreaterThan(deadlineMs - 4_000);
});

test.each([
  ['NotFoundException', '', 'not-found'],
  ['CredentialsProviderError', 'Could not load credentials', 'no-credentials'],
  ['ExpiredTokenException', '', 'expired-credentials'],
  ['UnrecognizedClientException', '', 'refused-credentials'],
])('%s on the cluster ends the run at once as %3$s', async (name, message, code) => {
  const listNodes = vi.fn<MskReader['listNodes']>();
  const msk = aReader({ describeCluster: () => Promise.reject(awsError(name, message)), listNodes });
  await expect(collectSnapshot(options(), sources({ msk }))).rejects.toMatchObject({ name: 'CollectError', code });
  expect(listNodes).not.toHaveBeenCalled();
});

const ALL_FAIL = (error: Error): MskReader => {
  const fail = () => Promise.reject(error);
  return aReader({
    describeCluster: fail,
    listNodes: fail,
    getBootstrapBrokers: fail,
    listClusterOperations: fail,
    listKafkaVersions: fail,
    getCompatibleKafkaVersions: fail,
    listTags: fail,
    listTopics: fail,
  });
};

test.each([
  [awsError('ForbiddenException', '', 403), 'not-permitted'],
  [Object.assign(new Error(), { code: 'ENOTFOUND' }), 'unreachable'],
  [awsError('TooManyRequestsException', '', 429), 'throttled'],
  [awsError('InternalServerErrorException', '', 500), 'aws-failed'],
  [awsError('BadRequestException', '', 400), 'nothing-collected'],
])('when nothing at all could be read the run ends: %s is %s', async (error, code) => {
  await expect(
    collectSnapshot(options(), sources({ msk: ALL_FAIL(error), account: undefined, openBill: undefined })),
  ).rejects.toMatchObject({
    name: 'CollectError',
    code,
  });
});
