import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

const empty = { members: 0, state: 'Empty' };
const at = (committed: number, group = {}) => aGroup([committed, committed, committed], { start: 3000 }, group);

describe('records-lost-to-retention', () => {
  describeVerdicts('records-lost-to-retention', [
    ['passes: the committed offset is exactly the log start', at(3000), 'pass'],
    ['fails: one record below the log start', at(2999), 'fail', 'critical billing/payments'],
    ['no-data: a group without members that does not move may be down or gone for good', at(1000, empty), 'no-data'],
    [
      'no-data: neither does a lag that only rises tell whether it comes back',
      withLag(at(1000, empty), (m) => m),
      'no-data',
    ],
    [
      'fails: no members now, but its lag fell within the window',
      withLag(at(1000, empty), (m) => (m < 600 ? 9000 - m : m)),
      'fail',
      'critical billing/payments',
    ],
    [
      'passes: what the console consumer left behind',
      at(3000).withGroup('console-consumer-7', { ...empty, commits: { payments: [10, 10] } }),
      'pass',
    ],
    [
      'fails: no members, but offsets move',
      aGroup([1000, 1100, 1200], { start: 3000 }, empty),
      'fail',
      'critical billing/payments',
    ],
    [
      'fails after one look too: loss needs no second',
      at(1000).without('kafkaSamples'),
      'fail',
      'critical billing/payments',
    ],
    [
      'fails during maintenance: what is lost is lost',
      at(1000).withOperation('SECURITY_PATCHING', TAKEN_AT_MS - 1000, null),
      'fail',
      'critical billing/payments',
    ],
    ['no-data: offsets were not read', at(3000).without('kafkaOffsets', 'unreachable'), 'no-data'],
    [
      'no-data: part of the offsets is missing',
      at(3000).withPartial('kafkaOffsets', 'broker 2 did not answer'),
      'no-data',
    ],
    ['fails on Serverless', at(1000).withKind('serverless'), 'fail', 'critical billing/payments'],
    ['fails on Kafka without AWS', at(1000).withKind('kafka'), 'fail', 'critical billing/payments'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);

  describeSeverities('records-lost-to-retention', () => at(1000), {
    production: 'critical',
    staging: 'high',
    development: 'low',
  });

  test('by hand: 3000 - 1000 = 2000 records of partition 0', () => {
    expect(runCheck('records-lost-to-retention', at(1000)).findings[0]).toMatchObject({
      measured: 2000,
      limit: 0,
      unit: 'messages',
    });
  });

  test('a leftover commit for a topic that the members no longer read is no loss', () => {
    const source = aSnapshot()
      .withTopic('old', { partitions: 1, start: 500 })
      .withTopic('new', { partitions: 1 })
      .withGroup('billing', { commits: { new: [1000] } });
    const snapshot = source.build();
    const { kafkaOffsets, kafkaSamples } = snapshot.sections;
    if (kafkaOffsets?.ok)
      kafkaOffsets.value.committed.push({ groupId: 'billing', topic: 'old', partition: 0, offset: '10', error: null });
    if (kafkaSamples?.ok) for (const sample of kafkaSamples.value) sample.committed.push('10');
    const result = runCheck('records-lost-to-retention', snapshot);
    expect(result.status).toBe('pass');
    expect(result.summary).toContain('1 leftover position');
  });

  test('a found loss is told with the group of which nobody knows', () => {
    const source = at(1000).withGroup('dead', { ...empty, commits: { payments: [10, 10] } });
    const result = runCheck('records-lost-to-retention', source);
    expect(result.findings.map(({ resource }) => resource)).toEqual(['billing/payments']);
    expect(result.partial).toContain('dead');
  });

  test('says when it was seen to read', () => {
    const source = withLag(at(1000, empty), (m) => (m < 600 ? 9000 - m : m));
    expect(runCheck('records-lost-to-retention', source).findings[0]?.note).toContain('0 members, lag last fell');
  });

  test('no-data: members unknown and nothing moved', () => {
    const snapshot = at(1000).build();
    const groups = snapshot.sections.kafkaGroups;
    if (groups?.ok) groups.value[0]!.members = null;
    expect(runCheck('records-lost-to-retention', snapshot).status).toBe('no-data');
  });

  test('raises exactly the limits that the topic has: retention.ms of seven days, no retention.bytes', () => {
    const source = at(1000).withSizes('payments', 1000);
    const commands = runCheck('records-lost-to-retention', source).recommendation!.commands.map(renderCommand);
    expect(commands[1]).toContain('--entity-name payments --add-config retention.ms=1209600000');
    expect(commands).toHaveLength(2);
  });

  test('overtaken 500 records ago at 10 a second; as much again of 3 x 2 GiB costs 6 x $0.1', () => {
    const replica = { partition: 0, sizeBytes: 2 * 1024 ** 3, offsetLag: '0', isFuture: false };
    const dirs = [1, 2, 3].map((brokerId) => ({ brokerId, dirs: [], topics: { payments: [replica] } }));
    const source = aGroup([1000, 1000, 1000], { start: 1500, endPerSample: 600 }).withSection('kafkaLogDirs', dirs);
    const result = runCheck('records-lost-to-retention', source);
    expect(result.evidence[0]!.rows[0]).toMatchObject({ lost: 500, agoSec: 50, retentionMs: 604_800_000 });
    expect(result.recommendation!.impact).toMatchObject({ kind: 'added-cost', usdPerMonth: expect.closeTo(0.6, 9) });
    const express = runCheck('records-lost-to-retention', source.withKind('provisioned-express'));
    expect(express.recommendation!.impact).toEqual({
      kind: 'unknown',
      because: 'no price for express/storage in eu-west-1',
    });
  });
});
