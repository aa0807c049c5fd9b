import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

const DAY = 86_400;
const empty = { members: 0, state: 'Empty' };
type Bound = readonly [number | null, number | null];
const aged = (sec: number, most: number | null = sec, other: Bound = [0, 0]) =>
  aGroup([5000, 5000, 5000], {}, empty).withTimeLags([[sec, most], other]);
const offsetsKept = (builder: SnapshotBuilder, minutes: string) =>
  builder.withSection('kafkaBrokerConfigs', {
    1: { 'offsets.retention.minutes': { value: minutes, source: 'static-broker' } },
  });
const forAMonth = (builder: SnapshotBuilder) => offsetsKept(builder, '43200');

describe('group-abandoned', () => {
  describeVerdicts('group-abandoned', [
    ['warns: unread for seven days', forAMonth(aged(7 * DAY)), 'warn', 'low billing'],
    ['passes: a second less', forAMonth(aged(7 * DAY - 1)), 'pass'],
    ['warns: six days, where Kafka forgets after seven', aged(6 * DAY), 'warn', 'low billing'],
    ['passes: a second less than that', aged(6 * DAY - 1), 'pass'],
    ['warns: at least that old', forAMonth(aged(8 * DAY, null)), 'warn', 'low billing'],
    [
      'passes: members read',
      aGroup([5000, 5000, 5000]).withTimeLags([
        [8 * DAY, 8 * DAY],
        [0, 0],
      ]),
      'pass',
    ],
    [
      'passes: committed by a client without membership',
      aGroup([5000, 5001, 5002], {}, empty).withTimeLags([
        [8 * DAY, 8 * DAY],
        [0, 0],
      ]),
      'pass',
    ],
    ['passes: its lag fell today', withLag(aged(8 * DAY), (m) => (m < 600 ? 9000 : 5000)), 'pass'],
    ['warns: its lag only rose today', withLag(aged(8 * DAY), (m) => m), 'warn', 'low billing'],
    [
      'passes: nothing waits on a partition that receives records',
      aGroup([10_000, 10_600, 11_200], { endPerSample: 600 }, empty),
      'pass',
    ],
    ['passes: another topic was left today', otherTopic(3600), 'pass'],
    ['warns: unread for eight days while records keep coming', stillFed(), 'warn', 'low billing'],
    ['warns: both topics were left long ago', otherTopic(9 * DAY), 'warn', 'low billing'],
    ['warns: nothing waits on the other topic, which tells nothing', otherTopic(0), 'warn', 'low billing'],
    [
      'warns: offsets are kept for a day, and half of it is over',
      offsetsKept(aged(43_200), '1440'),
      'warn',
      'low billing',
    ],
    ['passes: less than half of a day', offsetsKept(aged(43_199), '1440'), 'pass'],
    [
      'no-data: six days unread, and nobody knows how long offsets are kept',
      aged(6 * DAY)
        .without('cluster', 'not-permitted')
        .without('configuration'),
      'no-data',
    ],
    ['no-data: nothing waits, and nothing comes', aGroup([10_000, 10_000, 10_000], {}, empty), 'no-data'],
    ['no-data: offsets were not looked up by time', aGroup([5000, 5000, 5000], {}, empty), 'no-data'],
    ['no-data: members were not read', aged(8 * DAY).withGroupFields('billing', { members: null }), 'no-data'],
    ['warns on Serverless', aged(8 * DAY).withKind('serverless'), 'warn', 'low billing'],
    ['warns on Kafka without AWS', aged(8 * DAY).withKind('kafka'), 'warn', 'low billing'],
    ['not applicable: no groups', aSnapshot(), 'not-applicable'],
  ]);
  describeSeverities('group-abandoned', () => aged(8 * DAY), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('deletes only after the owner was asked, and says when the offsets go', () => {
    const { findings, recommendation } = runCheck('group-abandoned', aged(8 * DAY));
    expect(findings[0]).toMatchObject({ measured: 8 * DAY, limit: 6 * DAY, confidence: 0.6 });
    expect(runCheck('group-abandoned', aged(6.5 * DAY)).findings[0]!.note).not.toContain('expire');
    expect(findings[0]!.note).toContain('its offsets expire within 7 d of the last member');
    expect(recommendation!.commands.map(({ effect }) => effect)).toEqual(['read', 'change']);
  });
});

function otherTopic(sec: number) {
  return forAMonth(
    aSnapshot()
      .withTopic('payments', { partitions: 1 })
      .withTopic('audit', { partitions: 1 })
      .withGroup('billing', { commits: { payments: [10], audit: [sec === 0 ? 1000 : 10] }, ...empty })
      .withTimeLags([
        [9 * DAY, 9 * DAY],
        [sec, sec],
      ]),
  );
}

function stillFed() {
  return aSnapshot()
    .withTopic('payments', { partitions: 1 })
    .withOffsets('payments', [[0, 90_000]], 600)
    .withGroup('billing', { commits: { payments: [10] }, ...empty })
    .withTimeLags([[8 * DAY, 8 * DAY]]);
}
