// The opt-in reading of batch headers and producers, on a cluster full of canaries: the figures are those of Kafka's own tools, and
// nothing of a record is left anywhere.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderArtifacts } from '../../lib/checkup.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import { readOnlyAcls, setAcls } from '../../sandbox/kafka/acls.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type PlainRun, readPlainly, sectionOf } from '../sandbox/support/read-plainly.ts';
import { type Canaries, canaryRecord, filesUnder, leaks, needlesOf, newCanaries } from './canaries.ts';
import { CANARY_TOPICS, produceCanaries } from './canary-topics.ts';
import { cannotRun, isFull, KAFKA_VERSIONS, ROOT, runCli } from './live.ts';
import { describedProducers, dumpedBatches } from './log-witness.ts';

const FETCH = 1;
const DESCRIBE_PRODUCERS = 61;
const READ_DATA = ['kafkaProducers', 'kafkaBatches'] as const;

test('the search finds a token in every encoding, wherever it begins', () => {
  const canaries = newCanaries();
  for (const [encoding, needle] of Object.entries(needlesOf(canaries.value))) {
    expect(leaks(canaries, { there: Buffer.from(`x${needle}y`, 'latin1') })).toContain(`there: value in ${encoding}`);
  }
  const bytes = (before: string) => Buffer.from(`${before}${canaries.key}z`);
  for (const before of ['', 'a', 'ab', 'abc']) {
    expect(leaks(canaries, { there: bytes(before).toString('base64') })).not.toEqual([]);
    expect(leaks(canaries, { there: JSON.stringify(bytes(before)) })).not.toEqual([]);
  }
  expect(leaks(canaries, { nowhere: JSON.stringify(newCanaries()) })).toEqual([]);
});

if (!isFull && !cannotRun) console.warn('batch sampling on real brokers is left out: `npm run test:full` runs it');

describe.skipIf(cannotRun || !isFull).each(KAFKA_VERSIONS.map((version) => ({ version })))(
  'Kafka $version',
  ({ version }) => {
    const canaries: Canaries = newCanaries();
    let sandbox: Sandbox;
    let folder: string;
    let run: PlainRun;
    let endTransaction: (() => Promise<void>) | undefined;

    /** Bytes of the answers to a request, by broker, since the proxies were last told to forget. */
    const witnessed = (apiKey: number) =>
      sandbox.cluster.proxies.flatMap(({ requests }) => requests.filter((request) => request.apiKey === apiKey));
    const read = async (plan: Parameters<typeof readPlainly>[1], auth?: Parameters<typeof readPlainly>[2]) => {
      for (const proxy of sandbox.cluster.proxies) proxy.forgetRequests();
      const kind = auth === undefined ? 'proxied' : 'proxied-sasl';
      return readPlainly(sandbox.cluster.bootstrapOf(kind), plan, auth);
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'msk-checkup-canaries-'));
      const shape = { brokers: 3, users: { reader: 'reader-password' }, proxied: true };
      sandbox = await startSandbox({ kafka: version, profile: 'empty', aws: false, log: () => {}, shape });
      endTransaction = await produceCanaries(sandbox.cluster, canaries);
      run = await read({ sections: READ_DATA });
    });
    afterAll(async () => {
      await endTransaction?.();
      await sandbox?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('one Fetch and one DescribeProducers go to each leader, and records came over the wire', () => {
      const batches = sectionOf(run.snapshot, 'kafkaBatches');
      const leaderOf = new Map(
        sectionOf(run.snapshot, 'kafkaTopics').map(({ name, partitions }) => [name, partitions[0]!.leader]),
      );
      for (const [key, rows] of [
        [FETCH, batches],
        [DESCRIBE_PRODUCERS, sectionOf(run.snapshot, 'kafkaProducers')],
      ] as const) {
        const leaders = new Set(rows.map(({ topic }) => leaderOf.get(topic)!));
        expect(new Set(witnessed(key).map(({ brokerId }) => brokerId))).toEqual(leaders);
        expect(witnessed(key)).toHaveLength(leaders.size);
      }
      const stored = batches.flatMap((row) => row.batches).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const answered = witnessed(FETCH).reduce((sum, { answerBytes }) => sum + (answerBytes ?? 0), 0);
      expect(answered).toBeGreaterThan(stored);
    });

    test('sizes, counts, codecs, times and flags of every batch are those that kafka-dump-log shows', async () => {
      const theirs = await dumpedBatches(sandbox.cluster, CANARY_TOPICS);
      const ours = Object.fromEntries(sectionOf(run.snapshot, 'kafkaBatches').map((row) => [row.topic, row]));
      for (const topic of CANARY_TOPICS) {
        expect(ours[topic], topic).toMatchObject({ partition: 0, error: null });
        const batches = ours[topic]!.batches.map(({ baseTimestampMs, ...batch }) => ({
          ...batch,
          firstTimestampMs: batch.isLogAppendTime ? null : baseTimestampMs,
        }));
        expect(batches, topic).toEqual(theirs[topic]!.slice(-100));
        expect(batches.length, topic).toBeGreaterThan(0);
      }
      const kinds = (of: 'codec' | 'isTransactional' | 'isIdempotent' | 'isLogAppendTime') =>
        Object.fromEntries(
          CANARY_TOPICS.map((topic) => [topic, [...new Set(ours[topic]!.batches.map((each) => each[of]))]]),
        );
      expect(kinds('codec')).toMatchObject({
        'codec-none': ['none'],
        'codec-gzip': ['gzip'],
        'codec-snappy': ['snappy'],
        'codec-lz4': ['lz4'],
        'codec-zstd': ['zstd'],
        'broker-zstd': ['zstd'],
      });
      expect(kinds('isTransactional')).toMatchObject({ transactions: [true], 'codec-none': [false] });
      expect(kinds('isIdempotent')).toMatchObject({
        transactions: [true],
        'codec-none': [true],
        'not-idempotent': [false],
      });
      expect(kinds('isLogAppendTime')).toMatchObject({ 'append-time': [true], 'codec-none': [false] });
    });

    test('producers and open transactions are those that kafka-transactions shows', async () => {
      const producers = new Map(sectionOf(run.snapshot, 'kafkaProducers').map((row) => [row.topic, row.producers]));
      for (const topic of ['transactions', 'codec-none', 'not-idempotent']) {
        const ours = producers.get(topic)!.toSorted((a, b) => Number(a.producerId) - Number(b.producerId));
        expect(ours, topic).toEqual(await describedProducers(sandbox.cluster, topic));
      }
      expect([producers.get('codec-none')!.length, producers.get('not-idempotent')!.length]).toEqual([1, 0]);
      const open = producers.get('transactions')!.map(({ openTransactionStart }) => openTransactionStart !== null);
      expect(open).toEqual([true, false, false]);
    });

    test('without the opt-in neither request leaves, and neither section is there', async () => {
      const { snapshot } = await read(reportPlan({ samples: 2, intervalSec: 1 }));
      expect([...witnessed(FETCH), ...witnessed(DESCRIBE_PRODUCERS)]).toEqual([]);
      expect(witnessed(3).length).toBeGreaterThan(0);
      expect(Object.keys(snapshot.sections)).not.toEqual(expect.arrayContaining(['kafkaBatches']));
      expect(Object.keys(snapshot.sections)).not.toEqual(expect.arrayContaining(['kafkaProducers']));
    });

    test('without READ exactly these sections are not permitted; READ on one topic opens that topic', async () => {
      const auth = { kind: 'plain' as const, username: 'reader', password: 'reader-password', tls: false };
      await setAcls(sandbox.cluster, 'User:reader', readOnlyAcls);
      const refused = await read(reportPlan({ samples: 1, intervalSec: 1, readData: true }), auth);
      const missing = Object.entries(refused.snapshot.sections).filter(([, section]) => !section.ok);
      expect(missing).toEqual(
        READ_DATA.map((name) => [
          name,
          expect.objectContaining({ reason: 'not-permitted', fix: expect.stringContaining('Read') }),
        ]),
      );
      await setAcls(sandbox.cluster, 'User:reader', [
        ...readOnlyAcls,
        { resource: 'TOPIC', name: 'codec-lz4', operation: 'READ' },
      ]);
      const { snapshot } = await read({ sections: READ_DATA }, auth);
      const { kafkaBatches, kafkaProducers } = snapshot.sections;
      for (const section of [kafkaBatches, kafkaProducers]) {
        const errors = Object.fromEntries(section?.ok ? section.value.map(({ topic, error }) => [topic, error]) : []);
        expect(errors).toMatchObject({ 'codec-lz4': null, 'codec-none': 'TOPIC_AUTHORIZATION_FAILED' });
        expect(section?.ok && section.partial).toMatch(/not read: TOPIC_AUTHORIZATION_FAILED/);
      }
    });

    describe('no key, value or header of a record', () => {
      test('is hidden from the search: the log holds them', () => {
        const broker = sandbox.cluster.brokers[0]!;
        const log = readFileSync(join(broker.logDir, 'codec-none-0', '00000000000000000000.log'));
        const found = leaks(canaries, { log });
        for (const part of Object.keys(canaries)) expect(found).toContain(`log: ${part} in utf8`);
        expect(leaks({ ...canaries }, { record: JSON.stringify(canaryRecord(canaries, 1)) })).toHaveLength(4);
      });

      test('is in the snapshot, whole and unredacted, or in what is made of it', () => {
        const [json, html, email] = renderArtifacts(run.report, ['json', 'html', 'email']);
        const made = { json: json!.body, html: html!.body, email: email!.body };
        expect(leaks(canaries, { snapshot: saveSnapshot(run.snapshot), object: JSON.stringify(run), ...made })).toEqual(
          [],
        );
      });

      test('is in anything that the command line writes or says', () => {
        const { bootstrap } = sandbox.cluster;
        const source = [
          '--bootstrap',
          bootstrap,
          '--auth',
          'none',
          '--read-data',
          '--samples',
          '2',
          '--sample-interval',
          '1',
        ];
        const files = ['--out', join(folder, 'out'), '--history', join(folder, 'history')];
        const record = (name: string) => ['--record', join(folder, name)];
        const runs = [
          runCli(['report', ...source, ...files, ...record('recorded.json')]),
          runCli(['report', ...source, '--json']),
          runCli(['collect', ...source, ...record('unredacted.json'), '--no-redact']),
        ];
        expect(runs.map(({ status, stderr }) => [status, status === 0 ? '' : stderr])).toEqual(runs.map(() => [0, '']));
        const said = Object.fromEntries(
          runs.flatMap(({ stdout, stderr }, i) => [
            [`stdout ${i}`, stdout],
            [`stderr ${i}`, stderr],
          ]),
        );
        const written = filesUnder(folder);
        expect(leaks(canaries, { ...said, ...written })).toEqual([]);

        const snapshot = JSON.parse(written['unredacted.json']!.toString('utf8'));
        const sampled = snapshot.sections.kafkaBatches.value.map(({ topic }: { topic: string }) => topic);
        expect(sampled).toEqual(expect.arrayContaining(['codec-none']));
      });

      test('is in the reply or the log of the collector function', () => {
        const [brokers, plan] = [
          sandbox.cluster.bootstrap.split(','),
          reportPlan({ samples: 1, intervalSec: 0, readData: true }),
        ];
        const event = { brokers, auth: { kind: 'none' }, tls: false, plan, deadlineMs: Date.now() + 30_000 };
        const program = `
        const { handler } = await import(${JSON.stringify(join(ROOT, 'functions/collect-kafka.ts'))});
        console.log('REPLY ' + JSON.stringify(await handler(${JSON.stringify(event)})));`;
        const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
        const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
          encoding: 'utf8',
          env: { PATH: process.env.PATH ?? '', MSK_CHECKUP_LOG_LEVEL: 'DEBUG', ...env },
        });
        const reply = JSON.parse(/^REPLY (.*)$/m.exec(stdout)?.[1] ?? '{}') as { sections?: string };
        const sections = gunzipSync(Buffer.from(reply.sections ?? '', 'base64'));
        expect(JSON.parse(sections.toString('utf8')).kafkaBatches).toMatchObject({ ok: true });
        expect(leaks(canaries, { stdout, stderr, sections })).toEqual([]);
      });
    });
  },
);
