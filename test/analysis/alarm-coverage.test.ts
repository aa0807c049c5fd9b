import { describe, expect, test } from 'vitest';
import { alarmCoverage, type LagPair } from '../../lib/analysis/alarm-coverage.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { RecommendedAlarm } from '../../lib/facts/recommended-alarms.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

type Alarm = SectionValue<'alarms'>[number];
type Watched = Alarm['metrics'][number];

const onDisk = (brokerId: number | null): Watched => ({
  name: METRICS.diskUsed.name,
  statistic: null,
  periodSec: null,
  brokerId,
  consumerGroup: null,
  topic: null,
});

function alarm(metrics: Watched[], fields: Partial<Alarm> = {}): Alarm {
  return {
    name: 'a',
    state: 'OK',
    hasActions: true,
    isForAutoScaling: false,
    comparison: 'GreaterThanThreshold',
    isAnomalyBand: false,
    metrics,
    ...fields,
  } as Alarm;
}

const DISK = {
  metric: METRICS.diskUsed,
  limit: { comparison: 'above', value: 85 },
} as unknown as RecommendedAlarm;
const LAG = { metric: METRICS.sumOffsetLag, limit: null } as unknown as RecommendedAlarm;
const IDS = ['1', '2'];

describe('alarms of brokers', () => {
  test('each broker has to be watched', () => {
    expect(alarmCoverage(DISK, [alarm([onDisk(1)]), alarm([onDisk(2)], { name: 'b' })], IDS)).toMatchObject({
      names: ['a', 'b'],
      unwatched: [],
      isMissing: false,
    });
    expect(alarmCoverage(DISK, [alarm([onDisk(1)])], IDS)).toMatchObject({ unwatched: ['2'], isMissing: true });
    expect(alarmCoverage(DISK, [], IDS)).toMatchObject({ unwatched: IDS, isMissing: true, isSilent: false });
  });

  test('one that names no broker watches all', () => {
    expect(alarmCoverage(DISK, [alarm([onDisk(null)])], IDS)).toMatchObject({ unwatched: [], isMissing: false });
  });

  test('an alarm for too little says nothing of too much; a band and an unknown way count', () => {
    const with1 = (fields: Partial<Alarm>, wanted = DISK) =>
      !alarmCoverage(wanted, [alarm([onDisk(null)], fields)], IDS).isMissing;
    expect(with1({ comparison: 'LessThanThreshold' })).toBe(false);
    expect(with1({ comparison: 'GreaterThanOrEqualToThreshold' })).toBe(true);
    expect(with1({ comparison: 'LessThanThreshold', isAnomalyBand: true })).toBe(true);
    expect(with1({ comparison: null })).toBe(true);
    const below = { ...DISK, limit: { comparison: 'below', value: 1 } } as RecommendedAlarm;
    expect(with1({ comparison: 'LessThanThreshold' }, below)).toBe(true);
    expect(with1({ comparison: 'GreaterThanThreshold' }, below)).toBe(false);
    const any = { ...DISK, limit: null } as RecommendedAlarm;
    expect(with1({ comparison: 'LessThanThreshold' }, any)).toBe(true);
  });

  test('one that only scales something calls nobody; another metric does not count unless it is as good', () => {
    expect(alarmCoverage(DISK, [alarm([onDisk(null)], { isForAutoScaling: true })], IDS).isMissing).toBe(true);
    const other = alarm([{ ...onDisk(null), name: 'CpuUser' }], { comparison: 'LessThanThreshold' });
    expect(alarmCoverage(DISK, [other], IDS).names).toEqual([]);
    expect(alarmCoverage({ ...DISK, orAny: ['CpuUser'] } as RecommendedAlarm, [other], IDS).names).toEqual(['a']);
  });

  test('an alarm on a sum of metrics watches each of them', () => {
    const both = alarm([{ ...onDisk(null), name: 'Other' }, onDisk(null)]);
    expect(alarmCoverage(DISK, [both], IDS).isMissing).toBe(false);
  });

  test('firing if one is; silent only if none calls anybody', () => {
    const [loud, mute] = [alarm([onDisk(1)]), alarm([onDisk(2)], { hasActions: false, state: 'ALARM' })];
    expect(alarmCoverage(DISK, [loud, mute], IDS)).toMatchObject({ isFiring: true, isSilent: false });
    expect(alarmCoverage(DISK, [mute], IDS)).toMatchObject({ isFiring: true, isSilent: true });
    expect(alarmCoverage(DISK, [loud], IDS)).toMatchObject({ isFiring: false, isSilent: false });
  });
});

test('an alarm on the lag of a group and topic watches these, or any where it names none', () => {
  const pair: LagPair = { groupId: 'g', topic: 't' };
  const watches = (consumerGroup: string | null, topic: string | null, asked: LagPair | null = pair) =>
    !alarmCoverage(
      LAG,
      [alarm([{ ...onDisk(null), name: METRICS.sumOffsetLag.name, consumerGroup, topic }])],
      IDS,
      asked,
    ).isMissing;
  expect(watches('g', 't')).toBe(true);
  expect(watches('g', null)).toBe(true);
  expect(watches(null, 't')).toBe(true);
  expect(watches('other', 't')).toBe(false);
  expect(watches('g', 'other')).toBe(false);
  expect(watches('other', 'other', null)).toBe(true);
});
