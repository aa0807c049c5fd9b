// Clusters at the edge, each a real one: nothing on it, one broker, names made to break out, and a user who may see nothing.
import { AclOperationTypes, AclResourceTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KafkaAuth } from '../../lib/collect/kafka/collect-kafka.ts';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { renderCommand } from '../../lib/text/command.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitOffsets, hostileGroupIds } from '../../sandbox/workload/client.ts';
import { commandsIn, everyFormat, expectIntact, unprintable } from '../sandbox/support/intact-report.ts';
import { allow, createOddTopics, ODD_TOPICS, WAITING_RECORDS } from '../sandbox/support/odd-content.ts';
import { paste } from '../sandbox/support/paste.ts';
import { judgePlainly, type PlainRun, readPlainly, sectionOf } from '../sandbox/support/read-plainly.ts';
import { cannotRun, inspect, KAFKA_VERSIONS, statusOf } from './live.ts';

const PLAN = { samples: 3, intervalSec: 2 };
const BOOTSTRAP = 'b-1.example.test:9092,b-2.example.test:9092';

/** The same cluster as if this group were the only one: the report's commands name the worst group only. */
function onlyGroup(snapshot: Snapshot, groupId: string): Snapshot {
  const copy = structuredClone(snapshot);
  const { kafkaGroups, kafkaOffsets, kafkaSamples } = copy.sections;
  if (!kafkaGroups?.ok || !kafkaOffsets?.ok || !kafkaSamples?.ok) throw new Error('a section is missing');
  const kept = kafkaOffsets.value.committed.map((row) => row.groupId === groupId);
  const keep = <T>(rows: readonly T[]): T[] => rows.filter((_, index) => kept[index]);
  kafkaGroups.value = kafkaGroups.value.filter((group) => group.groupId === groupId);
  kafkaOffsets.value.committed = keep(kafkaOffsets.value.committed);
  delete kafkaOffsets.value.timeLags;
  for (const sample of kafkaSamples.value) sample.committed = keep(sample.committed);
  return copy;
}

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  describe('one broker', () => {
    let sandbox: Sandbox;
    let run: PlainRun;
    const warnings: string[] = [];
    const noteWarning = ({ name }: Error): void => void warnings.push(name);
    const reader: KafkaAuth = { kind: 'plain', username: 'reader', password: 'reader-secret', tls: false };
    /** Brokers take a moment until they know of a new ACL. */
    const readUntilSeen = async (topics: number, groups: boolean): Promise<PlainRun> => {
      let seen = await readAsReader();
      const isWhole = (section: { ok: boolean; partial?: string | undefined } | undefined): boolean =>
        section?.ok === true && section.partial === undefined;
      const isSeen = ({ sections }: Snapshot): boolean =>
        sections.kafkaTopics?.ok === true &&
        sections.kafkaTopics.value.length >= topics &&
        (!groups || (isWhole(sections.kafkaGroups) && isWhole(sections.kafkaTopicConfigs)));
      for (let attempt = 0; attempt < 50 && !isSeen(seen.snapshot); attempt += 1) seen = await readAsReader();
      return seen;
    };
    const readAsReader = () =>
      readPlainly(`127.0.0.1:${sandbox.cluster.brokers[0]!.saslPort}`, { samples: 1, intervalSec: 1 }, reader);

    beforeAll(async () => {
      process.on('warning', noteWarning);
      const shape = { brokers: 1, users: { reader: 'reader-secret' } };
      sandbox = await startSandbox({ kafka: version, profile: 'empty', aws: false, log: () => {}, shape });
    });
    afterAll(async () => {
      process.off('warning', noteWarning);
      await sandbox?.stop();
    });

    test('without topics and groups', async () => {
      const { snapshot, report } = await readPlainly(sandbox.cluster.bootstrap);
      expect([sectionOf(snapshot, 'kafkaTopics'), sectionOf(snapshot, 'kafkaGroups')]).toEqual([[], []]);
      expectIntact(report);
      // The sandbox gives its broker fewer threads than anybody would.
      expect(report.findings.map(({ checkId }) => checkId)).toEqual(['network-threads-unpaired']);
      expect(report.verdict).toBe('no-data');
    });

    test('a user who may see nothing is not told that all is well', async () => {
      const { snapshot, report } = await readAsReader();
      for (const name of ['kafkaTopics', 'kafkaTopicConfigs', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'] as const) {
        expect(snapshot.sections[name], name).toMatchObject({ ok: false, reason: 'not-permitted' });
      }
      expectIntact(report);
      expect(report.checks.filter(({ status }) => status === 'pass')).toEqual([]);
      expect(report.verdict).toBe('no-data');
      // What is left is about AWS alone.
      const answered = report.checks.filter(({ status }) => status !== 'no-data').map(({ checkId }) => checkId);
      expect(answered).toEqual(expect.arrayContaining(['cpu-high', 'disk-used-high', 'version-unsupported']));
      const others = report.checks.filter(({ status }) => status !== 'no-data' && status !== 'not-applicable');
      expect(others).toEqual([]);
    });

    test('replication factor 1 everywhere is what one broker can do', async () => {
      await createOddTopics(sandbox.cluster.bootstrap);
      const hostile = hostileGroupIds.map((groupId) => ({
        groupId,
        topic: 'constructor',
        offsets: new Map([[0, 10n]]),
      }));
      await commitOffsets(sandbox.cluster.bootstrap, hostile);
      run = await readPlainly(sandbox.cluster.bootstrap, PLAN);
      expectIntact(run.report);
      expect(statusOf(run.report, 'replication-factor-low')).toBe('not-applicable');
      const areas = new Set(run.report.findings.map(({ area }) => area));
      expect([...areas].sort()).toEqual(['broker-config', 'consumers']);
    });

    test('topics named as JavaScript’s own survive saving and loading, and the report lists them', () => {
      expect(run.report.topics.rows.map(({ topic }) => topic)).toEqual(expect.arrayContaining(ODD_TOPICS));
      for (const row of run.report.topics.rows.filter(({ topic }) => ODD_TOPICS.includes(topic))) {
        const retainedMessages = row.topic === 'constructor' ? String(50 + WAITING_RECORDS) : '50';
        expect(row, row.topic).toMatchObject({ minInSyncReplicas: 1, retainedMessages });
      }
      const text = saveSnapshot(run.snapshot);
      const loaded = loadSnapshot(text);
      if (!loaded.ok) throw new Error(loaded.message);
      expect(saveSnapshot(loaded.snapshot)).toBe(text);
      expect(judgePlainly(loaded.snapshot)).toEqual(run.report);
      expect(Object.keys(sectionOf(redactSnapshot(loaded.snapshot), 'kafkaTopicConfigs'))).toEqual(
        expect.arrayContaining(ODD_TOPICS),
      );
    });

    test('hostile group ids are read as they are, and harm no format', () => {
      const ids = sectionOf(run.snapshot, 'kafkaGroups').map(({ groupId }) => groupId);
      expect(ids).toEqual(expect.arrayContaining([...hostileGroupIds]));
      expect(run.report.groups.rows.map(({ groupId }) => groupId)).toEqual(
        expect.arrayContaining([...hostileGroupIds]),
      );
      for (const groupId of hostileGroupIds) {
        const report = judgePlainly(onlyGroup(run.snapshot, groupId));
        expectIntact(report);
        expect(report.findings.map(({ resource }) => resource)).toContain(groupId);
        const [html, email, json, screen, subject, message] = everyFormat(report);
        expect(html).not.toContain('<script>alert');
        expect(html).not.toMatch(/href="\s*(?!https:\/\/|#)/);
        expect(email).toMatch(/^[\x20-\x7e\n]*$/);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        for (const text of [html, email, json, screen, message]) expect(unprintable(text!)).toEqual([]);
        expect(JSON.parse(json!).findings).toEqual(JSON.parse(JSON.stringify(report.findings)));
        expect(JSON.parse(message!).default).toBeTypeOf('string');
      }
    });

    test('every command does exactly what it says, and nothing else is run', () => {
      let pasted = 0;
      for (const groupId of hostileGroupIds) {
        const commands = commandsIn(judgePlainly(onlyGroup(run.snapshot, groupId)));
        expect(commands.length, groupId).toBeGreaterThan(0);
        const unique = new Map(commands.map((command) => [JSON.stringify(command.argv), command]));
        for (const command of unique.values()) {
          const line = renderCommand(command);
          const intended = command.argv.map((arg) => (typeof arg === 'string' ? arg : BOOTSTRAP));
          if (line === null) {
            expect(intended.join('')).toMatch(/[^\x20-\x7e]/);
            continue;
          }
          expect(line).toMatch(/^[\x20-\x7e]+$/);
          expect(paste(line, [intended[0]!], { BOOTSTRAP, HOME: '/home/nobody' })).toEqual({
            syntax: 0,
            status: 0,
            stderr: '',
            calls: [intended],
          });
          pasted += 1;
        }
      }
      expect(pasted).toBeGreaterThan(hostileGroupIds.length);
    });

    test('a user sees what ACLs allow, and the report says what they hide', async () => {
      await allow(sandbox.cluster.bootstrap, AclResourceTypes.TOPIC, 'constructor', AclOperationTypes.DESCRIBE);
      const some = await readUntilSeen(1, false);
      expect(sectionOf(some.snapshot, 'kafkaTopics').map(({ name }) => name)).toEqual(['constructor']);
      expect(some.snapshot.sections.kafkaGroups).toMatchObject({ ok: false, reason: 'not-permitted' });
      expect(some.snapshot.sections.kafkaTopicConfigs).toMatchObject({
        ok: false,
        reason: 'not-permitted',
        fix: expect.stringContaining('DescribeConfigs'),
      });
      expectIntact(some.report);
      expect(statusOf(some.report, 'consumer-stopped')).toBe('no-data');

      await allow(sandbox.cluster.bootstrap, AclResourceTypes.CLUSTER, 'kafka-cluster', AclOperationTypes.DESCRIBE);
      await allow(sandbox.cluster.bootstrap, AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE);
      await allow(sandbox.cluster.bootstrap, AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE_CONFIGS);
      await allow(sandbox.cluster.bootstrap, AclResourceTypes.GROUP, '*', AclOperationTypes.DESCRIBE);
      const all = await readUntilSeen(ODD_TOPICS.length + 1, true);
      const everything = await readPlainly(sandbox.cluster.bootstrap);
      for (const name of ['kafkaTopics', 'kafkaTopicConfigs', 'kafkaGroups'] as const) {
        expect(sectionOf(all.snapshot, name), name).toEqual(sectionOf(everything.snapshot, name));
      }
      // Ages grow from one look to the next.
      const offsetsOf = ({ snapshot }: PlainRun) => ({ ...sectionOf(snapshot, 'kafkaOffsets'), timeLags: undefined });
      expect(offsetsOf(all)).toEqual(offsetsOf(everything));
      expect(JSON.stringify([some, all])).not.toContain('reader-secret');
    });

    test('neither the collector nor the workload’s client makes Node warn', () => {
      expect(warnings).toEqual([]);
    });
  });

  describe('three brokers as MSK has them, with nothing on them', () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      const awsOptions = { emulator: false };
      sandbox = await startSandbox({ kafka: version, profile: 'empty', aws: true, awsOptions, log: () => {} });
    });
    afterAll(async () => await sandbox?.stop());

    test('the report is intact and finds nothing wrong', async () => {
      const { report } = await inspect(sandbox);
      expectIntact(report);
      // What is set for the cluster is judged without topics, too; what needs topics or groups finds nothing.
      const ofTopics = report.findings.filter(
        ({ scope }) => scope === 'topic' || scope === 'group' || scope === 'partition',
      );
      expect(ofTopics).toEqual([]);
      expect([report.cluster.topics, report.cluster.groups, report.topics.total, report.groups.total]).toEqual([
        0, 0, 0, 0,
      ]);
      expect(report.brokers.rows.map(({ live, leaders }) => [live, leaders])).toEqual([1, 2, 3].map(() => [true, 0]));
    });
  });
});
