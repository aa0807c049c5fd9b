import { describe, expect, test } from 'vitest';
import type { Scope, Severity } from '../../lib/checks/check.ts';
import { libraryOfGroup, settledSettings } from '../../lib/facts/client-marks.ts';
import { ASKED_BY, settingsFor } from '../../lib/facts/client-settings-asked.ts';
import { GOALS, type Goal } from '../../lib/policy/environment.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { clientSettingsOf } from '../../lib/report/build/client-settings.ts';
import { renderEmailText } from '../../lib/report/email-text.ts';
import { renderHtml } from '../../lib/report/html.ts';
import type { ClientEntry } from '../../lib/report/report.ts';
import type { ReportFinding } from '../../lib/report/report-findings.ts';
import { renderTerminal } from '../../lib/report/terminal.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { FIXTURES, judgeSnapshot } from '../judgement/judged.ts';
import { aFinding } from './a-check.ts';
import { aReport } from './a-report.ts';

const found = (checkId: CheckId, scope: Scope, resource: string, more: { severity?: Severity; owner?: string } = {}) =>
  aFinding({ checkId, scope, resource, ...more }) as ReportFinding;

type Group = SectionValue<'kafkaGroups'>[number];
const aGroup = (groupId: string, over: Partial<Group>, clientIds: readonly string[] = []): Group => ({
  groupId,
  type: 'classic',
  state: 'Stable',
  protocolType: 'consumer',
  coordinatorId: 1,
  assignor: 'range',
  members: clientIds.map((clientId) => ({
    memberId: `${clientId}-1`,
    clientId,
    host: '/10.0.0.1',
    instanceId: null,
    rack: null,
    assignment: [],
  })),
  error: null,
  ...over,
});

const entriesOf = (findings: readonly ReportFinding[], groups: readonly Group[] = [], goal: Goal = 'balanced') =>
  clientSettingsOf(findings, [...groups], goal)?.entries.rows ?? [];
const javaLines = (entry: ClientEntry | undefined) => entry?.settings.map(({ libraries }) => libraries.java?.line);

describe('who is asked to set something', () => {
  test('nobody, where no finding is one that the settings of clients mend', () => {
    expect(clientSettingsOf([found('disk-used-high', 'broker', '2')], [], 'balanced')).toBeNull();
  });

  test('nobody, for what is only worth knowing', () => {
    expect(
      clientSettingsOf([found('batches-small', 'topic', 'orders', { severity: 'info' })], [], 'latency'),
    ).toBeNull();
  });

  test('topics that the same findings ask for the same are one entry, in the order of the findings', () => {
    const entries = entriesOf([
      found('acks-weak', 'topic', 'ledger'),
      found('batches-small', 'topic', 'clicks', { owner: 'web' }),
      found('batches-small', 'topic', 'views'),
      found('traffic-uncompressed', 'topic', 'views'),
      found('traffic-uncompressed', 'topic', 'clicks'),
    ]);
    expect(
      entries.map(({ resources, checkIds }) => [resources.rows.map(({ resource }) => resource), checkIds]),
    ).toEqual([
      [['ledger'], ['acks-weak']],
      [
        ['clicks', 'views'],
        ['batches-small', 'traffic-uncompressed'],
      ],
    ]);
    expect(entries[1]!.resources.rows[0]!.owner).toBe('web');
  });

  test('each setting once, whatever number of findings asks for it', () => {
    const [entry] = entriesOf([found('batches-small', 'topic', 'a'), found('traffic-uncompressed', 'topic', 'a')]);
    expect(javaLines(entry)).toEqual([
      'linger.ms=10',
      'batch.size=65536',
      'buffer.memory=67108864',
      'compression.type=lz4',
    ]);
  });

  test('consumers of a topic of Kafka itself are not known by it: they are those of the cluster', () => {
    const entries = entriesOf([
      found('commits-excessive', 'topic', '__consumer_offsets'),
      found('readers-cross-az', 'cluster', 'shop'),
    ]);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ role: 'consumer', scope: 'cluster', resources: { total: 1 } });
  });

  test('a hundred groups are one entry of fifty names, nine kinds of entries are eight, and the totals say so', () => {
    const many = Array.from({ length: 100 }, (_, index) => found('assignor-eager', 'group', `g${index}`));
    expect(entriesOf(many)[0]!.resources).toMatchObject({ rows: { length: 50 }, total: 100 });
    const sets: CheckId[][] = [
      [],
      ['acks-weak'],
      ['codec-heavy'],
      ['traffic-uncompressed'],
      ['producers-not-idempotent'],
    ];
    const kinds = [...sets, ...sets.slice(1).map((ids) => [...ids, 'broker-recompression' as const])].flatMap(
      (ids, index) => ['batches-small' as const, ...ids].map((id) => found(id, 'topic', `t${index}`)),
    );
    const { entries } = clientSettingsOf(kinds, [], 'balanced')!;
    expect([entries.rows.length, entries.total]).toEqual([8, 9]);
  });
});

describe('values', () => {
  test.each([
    ['latency', ['linger.ms=5', 'batch.size=65536', 'compression.type=lz4']],
    ['throughput', ['linger.ms=25', 'batch.size=131072', 'compression.type=lz4']],
    ['durability', ['linger.ms=10', 'batch.size=65536', 'compression.type=lz4']],
    ['cost', ['linger.ms=25', 'batch.size=131072', 'compression.type=zstd']],
  ] as const)('small batches of a cluster for %s', (goal, lines) => {
    const own = javaLines(entriesOf([found('batches-small', 'topic', 'a')], [], goal)[0]);
    expect(own?.filter((line) => !line?.startsWith('buffer.memory'))).toEqual(lines);
  });

  test.each(GOALS)('gzip gives way to zstd, whose ratio is as good, with the goal %s too', (goal) => {
    const [entry] = entriesOf([found('batches-small', 'topic', 'a'), found('codec-heavy', 'topic', 'a')], [], goal);
    expect(javaLines(entry)).toContain('compression.type=zstd');
  });

  test('what a library lacks is said, with what it has instead', () => {
    const linger = settingsFor(['batches-small'], ['kafkajs', 'librdkafka'], 'balanced').find(
      ({ name }) => name === 'linger.ms',
    )!;
    expect(linger.libraries.kafkajs).toEqual({ line: null, note: expect.stringContaining('sendBatch()') });
    expect(linger.libraries.librdkafka?.line).toBe('linger.ms=10');
  });

  test("librdkafka is not told Kafka's batch size, which would make its batches smaller", () => {
    const batch = settingsFor(['batches-small'], ['librdkafka'], 'throughput').find(
      ({ name }) => name === 'batch.size',
    )!;
    expect(batch.libraries.librdkafka?.line).toBeNull();
  });

  test('codecs stand side by side only where a finding is about them', () => {
    expect(clientSettingsOf([found('acks-weak', 'topic', 'a')], [], 'cost')!.codecs).toBeNull();
    expect(clientSettingsOf([found('codec-heavy', 'topic', 'a')], [], 'cost')!.codecs).toHaveLength(5);
  });
});

describe('the library of a group', () => {
  test.each([
    ['consumer-billing-1', 'range', 'java'],
    ['connector-consumer-sink-0', 'range', 'java'],
    ['app-4f0c-StreamThread-1-consumer', 'stream', 'java'],
    ['rdkafka', 'range', 'librdkafka'],
    ['sarama', 'range', 'sarama'],
    ['kafka-python-2.0.2', 'range', 'kafka-python'],
    ['kafkajs', 'range', 'kafkajs'],
    ['billing-7c9f', 'RoundRobinAssigner', 'kafkajs'],
    ['billing-7c9f', 'range', null],
    ['consumer-other-1', 'range', null],
  ])('client id %s with assignor %s: %s', (clientId, assignor, library) => {
    expect(libraryOfGroup('billing', assignor, [{ clientId }])).toBe(library);
  });

  test('members that differ, and a group without any, tell none', () => {
    expect(libraryOfGroup('g', 'range', [{ clientId: 'rdkafka' }, { clientId: 'sarama' }])).toBeNull();
    expect(libraryOfGroup('g', 'range', [])).toBeNull();
  });

  test('selects the words of its line, and every entry can be translated into them', () => {
    const groups = [aGroup('go', {}, ['sarama', 'sarama']), aGroup('web', {}, ['web-1'])];
    const entries = entriesOf(
      [found('assignor-eager', 'group', 'go'), found('assignor-eager', 'group', 'web')],
      groups,
    );
    expect(entries.map(({ library }) => library)).toEqual(['sarama', null]);
    expect(entries[1]!.settings[0]!.libraries).toHaveProperty('sarama');
  });

  test('a group of the new protocol is not told what its brokers decide', () => {
    const asked = [found('rebalances-frequent', 'group', 'new'), found('rebalances-frequent', 'group', 'old')];
    const groups = [aGroup('new', { type: 'consumer' }, ['a']), aGroup('old', {}, ['a'])];
    const [first, second] = entriesOf(asked, groups);
    expect(first!.settings.map(({ name }) => name)).toEqual(['group.instance.id']);
    expect(second!.settings).toHaveLength(4);
  });

  test('members that are static already are not told so; with none it is not known', () => {
    expect(settledSettings('classic', [{ instanceId: 'a' }])).toEqual(['group.instance.id']);
    expect(settledSettings('classic', [{ instanceId: 'a' }, { instanceId: null }])).toEqual([]);
    expect(settledSettings('classic', [])).toEqual([]);
    const members = aGroup('g', {}, ['a']).members!.map((member) => ({ ...member, instanceId: 'a' }));
    const asked = [found('rebalances-frequent', 'group', 'g')];
    expect(clientSettingsOf(asked, [aGroup('g', { type: 'consumer', members })], 'balanced')).toBeNull();
  });
});

describe('in a report', () => {
  const report = judgeSnapshot(FIXTURES['bad-clients']!.snapshot());

  test('a cluster of careless clients: every topic and group with such a finding is named, and every entry links to its cards', () => {
    const asking = report.findings.filter(
      ({ checkId, severity }) => ASKED_BY[checkId] !== undefined && severity !== 'info',
    );
    const rows = report.clientSettings!.entries.rows;
    const named = rows.flatMap(({ resources }) => resources.rows.map(({ resource }) => resource));
    for (const { resource, scope } of asking)
      if (scope === 'topic' && resource !== '__consumer_offsets') expect(named).toContain(resource);
    const { body } = renderHtml(report);
    const cards = new Set(Array.from(body.matchAll(/<article class="card" id="([\w-]+)"/g), ([, id]) => id));
    for (const id of rows.flatMap(({ checkIds }) => checkIds)) expect(cards).toContain(id);
  });

  test('a well-kept cluster has no such section in any format', () => {
    const well = judgeSnapshot(FIXTURES.full!.snapshot());
    expect(well.clientSettings).toBeNull();
    for (const text of [
      renderHtml(well).body,
      renderEmailText(well).body,
      renderTerminal(well, { color: false, columns: 100 }),
    ])
      expect(text).not.toMatch(/at the clients/i);
  });
});

test('mail and terminal: one line an entry, in the words of its library, and how many were left out', () => {
  const mail = renderEmailText(aReport()).body.replaceAll(/\s+/g, ' ');
  expect(mail).toContain('- Producers of payments and 8 more: linger.ms=25, batch.size=131072,');
  expect(mail).toContain(
    '- Consumers in group payments and 8 more: partition.assignment.strategy: has no cooperative assignor, Consumer.Group.InstanceId=',
  );
  expect(mail).toContain('- and 9 more');
  expect(renderTerminal(aReport(), { color: false, columns: 100 })).toContain(
    'Producers of payments and 8 more: linger.ms=25',
  );
});
