import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { MINUTES_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

const empty = { members: 0, state: 'Empty' };
const stopped = () => aGroup([5000, 5000, 5000], {}, empty);

describe('consumer-stopped', () => {
  describeVerdicts('consumer-stopped', [
    ['passes: members read', aGroup([5000, 6000, 7000]), 'pass'],
    ['passes: empty, but nothing waits', aGroup([10_000, 10_000, 10_000], {}, empty), 'pass'],
    ['passes: lag of exactly 100 is never judged', aGroup([9900, 9900, 9900], {}, empty), 'pass'],
    ['fails: empty and lag of 101', aGroup([9899, 9899, 9899], {}, empty), 'fail', 'high billing'],
    ['fails: empty and records wait', stopped(), 'fail', 'high billing'],
    ['fails: members, but the partition is not given to any', stoppedWithMembers(), 'fail', 'high billing'],
    ['passes here: a member holds it without progress, which is another finding', aGroup([5000, 5000, 5000]), 'pass'],
    ['no-data: one look cannot tell stopped from slow', stopped().without('kafkaSamples'), 'no-data'],
    ['no-data: offsets were not read', stopped().without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['fails on Serverless', stopped().withKind('serverless'), 'fail', 'high billing'],
    ['fails on Kafka without AWS', stopped().withKind('kafka'), 'fail', 'high billing'],
    ['fails: nobody reads, and records are being deleted unread', overtaken(), 'fail', 'high billing'],
    ['passes here: below the log start, but no more than 100 records are left to read', overtaken(9900), 'pass'],
    ['fails: below the log start, and 101 records are left', overtaken(9899), 'fail', 'high billing'],
    ['passes here: below the log start with members, which is another finding', overtaken(3000, {}), 'pass'],
    [
      'passes here: no members, but commits below the log start move',
      aGroup([1000, 1100, 1200], { start: 3000 }, empty),
      'pass',
    ],
    ['no-data: one look below the log start cannot tell', overtaken().without('kafkaSamples'), 'no-data'],
    [
      'passes with a note: the console consumer below the log start',
      console_(0, 3000),
      'pass',
      'info console-consumer-7',
    ],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);

  describeSeverities('consumer-stopped', stopped, { production: 'high', staging: 'medium', development: 'info' });

  test('no-data: the members could not be described, so that nobody knows whether anyone reads', () => {
    const snapshot = stopped().build();
    const groups = snapshot.sections.kafkaGroups;
    if (groups?.ok) Object.assign(groups.value[0]!, { members: null, error: 'GROUP_AUTHORIZATION_FAILED' });
    expect(runCheck('consumer-stopped', snapshot).status).toBe('no-data');
  });

  describeVerdicts('consumer-stopped', [
    ['warns: drained twice today, as a batch job does', withLag(stopped(), sawtooth(600)), 'warn', 'medium billing'],
    ['fails: stopped for longer than ever before today', withLag(stopped(), sawtooth(900)), 'fail', 'high billing'],
    [
      'fails: caught up until four hours ago',
      withLag(stopped(), (m) => Math.max(0, m - 1200) * 10),
      'fail',
      'high billing',
    ],
    ['warns: the lag fell 14 minutes ago, as in a deployment', withLag(stopped(), fellAgo(14)), 'warn', 'low billing'],
    ['fails: the lag fell 15 minutes ago', withLag(stopped(), fellAgo(15)), 'fail', 'high billing'],
    ['warns: caught up until 14 minutes ago', withLag(stopped(), wellUntil(14)), 'warn', 'low billing'],
    ['fails: caught up until 15 minutes ago', withLag(stopped(), wellUntil(15)), 'fail', 'high billing'],
    [
      'fails: the lag fell just before its series broke off an hour ago',
      withLag(stopped(), (m) => (m > LAST - 60 ? null : 9000 - m)),
      'fail',
      'high billing',
    ],
    [
      'fails: read until just now, but records are already deleted',
      withLag(overtaken(), fellAgo(3)),
      'fail',
      'high billing',
    ],
    ['passes with a note: left over by the console consumer', console_(0), 'pass', 'info console-consumer-7'],
    ['fails: a group of that name that still has members', console_(1), 'fail', 'high console-consumer-7'],
  ]);

  const sixHours = { overrides: { version: 1 as const, groups: { billing: { batchEveryHours: 6 } } } };
  const aged = (sec: number, most: number | null = sec) =>
    stopped().withTimeLags([
      [sec, most],
      [0, 0],
    ]);
  describeVerdicts(
    'consumer-stopped',
    [
      ['passes: a job every six hours whose next record is six hours old', aged(21_600), 'pass'],
      ['fails: a job that should have run', aged(21_601), 'fail', 'high billing'],
      ['fails: at least a day old', aged(86_400, null), 'fail', 'high billing'],
      ['passes: worked off five hours ago', withLag(stopped(), (m) => (m < 1138 ? 9000 - m : m - 1138)), 'pass'],
      [
        'fails: not worked off for seven hours',
        withLag(stopped(), (m) => (m < 1000 ? 9000 - m : m)),
        'fail',
        'high billing',
      ],
      ['warns: a declared job of which nobody knows the last run', stopped(), 'warn', 'medium billing'],
    ],
    sixHours,
  );

  test('says when records and offsets go', () => {
    const source = aGroup([5000, 5000, 5000], { start: 4000, endPerSample: 600 }, empty);
    const [finding] = runCheck('consumer-stopped', source).findings;
    // 1,000 messages until the log start, which moves by 10 a second.
    expect(finding!.note).toContain('records are deleted unread in 100 s');
    expect(finding!.note).toContain('offsets expire 7 d after the last member left');
  });

  test('an hour without a fall of the lag makes it likelier', () => {
    const confidence = (source: SnapshotBuilder) => runCheck('consumer-stopped', source).findings[0]!.confidence;
    expect(confidence(withLag(stopped(), (m) => m))).toBe(0.7);
    expect(confidence(withLag(stopped(), (m) => (m === MINUTES_OF_DAY - 30 ? 0 : 5000)))).toBe(0.5);
  });

  test('says that the deleting has begun', () => {
    const [finding] = runCheck('consumer-stopped', overtaken()).findings;
    expect(finding!.note).toContain('records are already being deleted unread');
    expect(finding).toMatchObject({ measured: 9000, limit: 100 });
  });

  test('a declared job that is not late is a finding all the same where its records are deleted meanwhile', () => {
    const job = { overrides: { version: 1 as const, groups: { billing: { batchEveryHours: 6 } } } };
    expect(runCheck('consumer-stopped', withLag(stopped(), fellAgo(300)), job).status).toBe('pass');
    expect(runCheck('consumer-stopped', withLag(overtaken(), fellAgo(300)), job).status).toBe('fail');
  });

  test('says since when nothing was read, or that it was a moment ago', () => {
    const note = (minutes: number) =>
      runCheck('consumer-stopped', withLag(stopped(), fellAgo(minutes))).findings[0]!.note;
    expect(note(3)).toMatch(/^(?!.*has not fallen).*until a moment ago/);
    expect(note(60)).toMatch(/^(?!.*moment ago).*has not fallen for \d/);
  });

  test('a topic that was left long before the others is no deployment', () => {
    const source = withLag(stopped(), fellAgo(3))
      .withTopic('orders', { partitions: 1, end: 5000 })
      .withGroup('other', { commits: { orders: [5000] } });
    const both = source.build();
    const { kafkaOffsets, kafkaSamples } = both.sections;
    if (!kafkaOffsets?.ok || !kafkaSamples?.ok) throw new Error('no offsets');
    kafkaOffsets.value.committed.push({ groupId: 'billing', topic: 'orders', partition: 0, offset: '10', error: null });
    for (const sample of kafkaSamples.value) sample.committed.push('10');
    expect(runCheck('consumer-stopped', both).findings[0]).toMatchObject({ resource: 'billing', severity: 'high' });
  });

  test('one run is no proof, and a batch job is ruled out first', () => {
    const result = runCheck('consumer-stopped', stopped());
    expect(result.findings[0]).toMatchObject({ measured: 5000, confidence: 0.5 });
    expect(result.recommendation!.confirmFirst).toContain('batch job');
  });
});

/** The last minute that is judged. */
const LAST = MINUTES_OF_DAY - 3;

/** Falls all day until so many minutes ago, and rises since. */
function fellAgo(minutes: number) {
  return (minute: number) => (minute <= LAST - minutes ? 9000 - minute : minute + 9000);
}

/** Nothing to speak of until so many minutes ago. */
function wellUntil(minutes: number) {
  return (minute: number) => (minute <= LAST - minutes ? 100 : 5000);
}

/** Partition 0 stands at 1,000 of a log from `start` to 10,000. */
function overtaken(start = 3000, group: object = empty) {
  return aGroup([1000, 1000, 1000], { start }, group);
}

function stoppedWithMembers() {
  const source = aGroup([5000, 5000, 5000], {}, { members: 1 });
  const built = source.build();
  const groups = built.sections.kafkaGroups;
  if (!groups?.ok) throw new Error('no groups');
  const value = structuredClone(groups.value);
  value[0]!.members![0]!.assignment = [{ topic: 'payments', partitions: [1] }];
  return source.withSection('kafkaGroups', value);
}

/** Behind all day but for twenty minutes, and again for the last `present` minutes. */
function sawtooth(present: number) {
  return (minute: number) => {
    const from = MINUTES_OF_DAY - 2 - present;
    return minute >= from ? 5000 : minute > from - 20 ? 0 : 4000;
  };
}

function console_(members: number, start = 0) {
  const source = aGroup([10_000, 10_000, 10_000], { start });
  return source.withGroup('console-consumer-7', {
    commits: { payments: [10, 10] },
    ...(members === 0 ? empty : { members: 1, state: 'PreparingRebalance' }),
  });
}
