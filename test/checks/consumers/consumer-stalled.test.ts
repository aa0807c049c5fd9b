import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { MINUTES_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

const stalled = () => aGroup([5000, 5000, 5000]);

describe('consumer-stalled', () => {
  describeVerdicts('consumer-stalled', [
    ['passes: caught up', aGroup([10_000, 10_000, 10_000]), 'pass'],
    ['passes: reading', aGroup([5000, 6000, 7000]), 'pass'],
    ['fails: a member holds the partition and commits nothing', stalled(), 'fail', 'critical billing'],
    ['passes: lag of exactly 100 is never judged', aGroup([9900, 9900, 9900]), 'pass'],
    ['fails: lag of 101', aGroup([9899, 9899, 9899]), 'fail', 'critical billing'],
    [
      'passes: lag of exactly 60 s of what is produced (10 a second)',
      aGroup([9400, 9400, 9400], { endPerSample: 600 }),
      'pass',
    ],
    [
      'fails: one record more than 60 s of what is produced',
      aGroup([9399, 9399, 9399], { endPerSample: 600 }),
      'fail',
      'critical billing',
    ],
    [
      'passes here: nobody holds the partition, which is another finding',
      aGroup([5000, 5000, 5000], {}, { members: 0, state: 'Empty' }),
      'pass',
    ],
    ['no-data: one look only', stalled().without('kafkaSamples'), 'no-data'],
    ['no-data: three looks over 119 s', atSeconds([0, 60, 119]), 'no-data'],
    ['fails: three looks over 120 s', atSeconds([0, 60, 120]), 'fail', 'critical billing'],
    [
      'passes: one look is enough to see that nothing waits',
      aGroup([10_000, 10_000, 10_000]).without('kafkaSamples'),
      'pass',
    ],
    ['no-data: groups were not read', stalled().without('kafkaGroups', 'not-permitted'), 'no-data'],
    [
      'no-data: part of the offsets is missing',
      aGroup([10_000, 10_000, 10_000]).withPartial('kafkaOffsets', 'broker 2 did not answer'),
      'no-data',
    ],
    [
      'fails during an operation too: a consumer is no broker',
      stalled().withOperation('REBOOT_NODE', TAKEN_AT_MS - 1000, null),
      'fail',
      'critical billing',
    ],
    ['fails on Express', stalled().withKind('provisioned-express'), 'fail', 'critical billing'],
    ['fails on Serverless', stalled().withKind('serverless'), 'fail', 'critical billing'],
    ['fails on Kafka without AWS', stalled().withKind('kafka'), 'fail', 'critical billing'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);

  // The looks end two minutes after the day; a lag that falls every ten minutes is that of a group that commits as often.
  const everyTen = (lastFall: number) => (minute: number) =>
    1000 + (minute < lastFall ? (minute - lastFall + 10 * MINUTES_OF_DAY) % 10 : minute - lastFall) * 600;
  const now = MINUTES_OF_DAY + 2;
  describeVerdicts('consumer-stalled', [
    ['passes: commits every ten minutes, the last one 30 min ago', withLag(stalled(), everyTen(now - 30)), 'pass'],
    ['fails: three of its intervals have passed', withLag(stalled(), everyTen(now - 31)), 'fail', 'critical billing'],
    ['fails: its lag never fell', withLag(stalled(), (minute) => minute), 'fail', 'critical billing'],
    [
      'fails: another partition was committed, so that the group commits more often than that',
      withLag(aGroup([5000, 5000, 5000], { endPerSample: 10 }), everyTen(now - 30)),
      'fail',
      'critical billing',
    ],
  ]);

  // What a group that reads at once leaves unread is a little more or less each minute.
  const noise = (minute: number) => 1000 + ((minute * 7919) % 101);
  const bursts = (minute: number) => (minute % 60 === 0 ? 30 : 0);
  const upTo = (last: number, value: (minute: number) => number) => (minute: number) =>
    minute <= last ? value(minute) : 1000 + (minute - last) * 600;
  describeVerdicts('consumer-stalled', [
    [
      'fails: a lag that goes up and down each minute is no rhythm',
      withLag(stalled(), upTo(now - 4, noise)),
      'fail',
      'critical billing',
    ],
    [
      'fails: a group that has nothing to read for most of the day is no slow committer',
      withLag(stalled(), upTo(now - 4, bursts)),
      'fail',
      'critical billing',
    ],
    [
      'passes: commits every ten minutes, when there was nothing to read all night',
      withLag(stalled(), (minute) => (minute < 720 ? 0 : everyTen(now - 8)(minute))),
      'pass',
    ],
  ]);

  test('a slow committer within its interval is named in the pass', () => {
    expect(runCheck('consumer-stalled', withLag(stalled(), everyTen(now - 30))).summary).toContain(
      '1 group that seldom commits',
    );
  });

  test('names the member, and when the lag of the topic last fell', () => {
    const [row] = runCheck('consumer-stalled', withLag(stalled(), everyTen(now - 60))).evidence[0]!.rows;
    expect(row).toMatchObject({ member: 'billing-member-0', fell: TAKEN_AT_MS - 58 * 60_000 });
  });

  describeSeverities('consumer-stalled', stalled, { production: 'critical', staging: 'high', development: 'low' });

  test('says how much waits: 5,000 of partition 0', () => {
    const result = runCheck('consumer-stalled', stalled());
    expect(result.findings[0]).toMatchObject({ scope: 'group', measured: 5000, limit: 100, unit: 'messages' });
    expect(result.summary).toContain(
      '5,000 messages waiting on 1 partition of payments and committed nothing for 2 min',
    );
  });

  test('a commit elsewhere in the group makes it certain; none at all may be a slow committer', () => {
    expect(runCheck('consumer-stalled', stalled()).findings[0]?.confidence).toBe(0.6);
    expect(runCheck('consumer-stalled', aGroup([5000, 5000, 5000], { endPerSample: 10 })).findings[0]?.confidence).toBe(
      1,
    );
  });

  test('proposes to look, to try and only then to skip one record of the very partition', () => {
    const commands = runCheck('consumer-stalled', stalled()).recommendation!.commands;
    expect(commands.map(({ effect }) => effect)).toEqual(['read', 'read', 'change']);
    expect(renderCommand(commands[1]!)).toContain(
      '--group billing --reset-offsets --shift-by 1 --topic payments:0 --dry-run',
    );
  });

  test('a hostile group id is shown harmless, kept raw as the resource, and gets no command', () => {
    const hostile = 'a\u202e\n<script>';
    const source = aSnapshot()
      .withTopic('payments')
      .withOffsets('payments', [[0, 9000]])
      .withGroup(hostile, { commits: { payments: [10] } });
    const result = runCheck('consumer-stalled', source);
    expect(result.findings[0]?.resource).toBe(hostile);
    expect(result.summary).toContain('a\\u202e\\n<script>');
    expect(result.summary + JSON.stringify(result.recommendation!.action) + result.findings[0]!.note).not.toMatch(
      /[\n\u202e]/,
    );
    expect(renderCommand(result.recommendation!.commands[0]!)).toBeNull();
  });
});

function atSeconds(times: readonly number[]) {
  return aSnapshot()
    .withSampleTimes(times)
    .withTopic('payments', { partitions: 1, end: 10_000 })
    .withGroup('billing', { commits: { payments: [5000] } });
}
