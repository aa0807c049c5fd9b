import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS, WINDOW_START_MS } from '../../builders/a-snapshot.ts';
import { MINUTES_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** Idle of one broker with no points in the minutes from..to-1 of the day. */
const silentFrom = (from: number, to: number): (number | null)[] =>
  Array.from({ length: MINUTES_OF_DAY }, (_, i) => (i >= from && i < to ? null : 70));

function withIdle(byBroker: Readonly<Record<number, readonly (number | null)[]>>) {
  const builder = aSnapshot();
  for (const id of [1, 2, 3])
    builder.withMetric(METRICS.cpuIdle, { 'Broker ID': id }, byBroker[id] ?? silentFrom(0, 0));
  return builder;
}
/** The latest two minutes are never judged: CloudWatch delivers them late. */
const JUDGED = MINUTES_OF_DAY - 2;
const gone = () => withIdle({ 2: silentFrom(JUDGED - 5, MINUTES_OF_DAY) });
const minuteMs = (minute: number) => WINDOW_START_MS + minute * 60_000;

describe('broker-silent', () => {
  describeVerdicts('broker-silent', [
    ['passes: all publish', withIdle({}), 'pass'],
    ['fails critically: nothing for 5 minutes, and nothing since', gone(), 'fail', 'critical 2'],
    ['passes: nothing for 4 minutes so far', withIdle({ 2: silentFrom(JUDGED - 4, MINUTES_OF_DAY) }), 'pass'],
    [
      'fails, one step milder: 5 minutes in the night, and back again',
      withIdle({ 2: silentFrom(300, 305) }),
      'fail',
      'high 2',
    ],
    ['passes: 4 minutes in the night', withIdle({ 2: silentFrom(300, 304) }), 'pass'],
    [
      'passes: all were silent at once, which is CloudWatch',
      withIdle({ 1: silentFrom(300, 330), 2: silentFrom(300, 330), 3: silentFrom(300, 330) }),
      'pass',
    ],
    [
      'no-data: all of them silent for half an hour up to now, which may be an outage',
      withIdle(Object.fromEntries([1, 2, 3].map((id) => [id, silentFrom(MINUTES_OF_DAY - 30, MINUTES_OF_DAY)]))),
      'no-data',
    ],
    [
      'passes: all of them silent for a quarter of an hour so far, as CloudWatch may be late',
      withIdle(Object.fromEntries([1, 2, 3].map((id) => [id, silentFrom(MINUTES_OF_DAY - 14, MINUTES_OF_DAY)]))),
      'pass',
    ],
    ['fails: silent all day', withIdle({ 2: silentFrom(0, MINUTES_OF_DAY) }), 'fail', 'critical 2'],
    [
      'fails: two of three',
      withIdle({ 1: silentFrom(JUDGED - 30, MINUTES_OF_DAY), 3: silentFrom(JUDGED - 8, MINUTES_OF_DAY) }),
      'fail',
      'critical 1',
      'critical 3',
    ],
    [
      'passes: silent during its restart in an operation',
      withIdle({ 2: silentFrom(300, 320) }).withOperation('UPDATE_CLUSTER_CONFIGURATION', minuteMs(290), minuteMs(330)),
      'pass',
    ],
    [
      'fails: still silent when the operation is long over',
      withIdle({ 2: silentFrom(300, 500) }).withOperation('UPDATE_CLUSTER_CONFIGURATION', minuteMs(290), minuteMs(330)),
      'fail',
      'high 2',
    ],
    [
      'passes: a broker that was added has no points before',
      withIdle({ 3: silentFrom(0, 700) }).withOperation('INCREASE_BROKER_COUNT', minuteMs(690), minuteMs(710)),
      'pass',
    ],
    [
      'fails: silent from before the window, and nobody added it',
      withIdle({ 3: silentFrom(0, 700) }),
      'fail',
      'high 3',
    ],
    [
      'no-data: a cluster of two hours proves nothing of the day',
      withIdle({ 1: silentFrom(0, 1300), 2: silentFrom(0, 1300), 3: silentFrom(0, 1300) }).withSection(
        'operations',
        [],
      ),
      'no-data',
    ],
    ['no-data: nobody publishes', aSnapshot(), 'no-data'],
    [
      'no-data: too few points',
      withIdle({ 1: silentFrom(0, 800), 2: silentFrom(0, 800), 3: silentFrom(0, 800) }),
      'no-data',
    ],
    ['no-data: no metrics', withIdle({}).without('metrics', 'not-permitted'), 'no-data'],
    ['no-data: who should publish is not known', withIdle({}).without('nodes', 'not-permitted'), 'no-data'],
    ['fails on Express', gone().withKind('provisioned-express'), 'fail', 'critical 2'],
    ['not applicable: Serverless', withIdle({}).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('broker-silent', gone, { production: 'critical', staging: 'high', development: 'medium' });

  test('a broker without any series is silent while the others are heard', () => {
    const snapshot = aSnapshot()
      .withMetric(METRICS.cpuIdle, { 'Broker ID': 1 }, 70)
      .withMetric(METRICS.cpuIdle, { 'Broker ID': 3 }, 70);
    expect(runCheck('broker-silent', snapshot).findings[0]).toMatchObject({ resource: '2', measured: JUDGED });
  });

  test('no reboot within the quarter of an hour that MSK has for it', () => {
    const verbs = (minutes: number) =>
      runCheck(
        'broker-silent',
        withIdle({ 2: silentFrom(JUDGED - minutes, MINUTES_OF_DAY) }),
      ).recommendation!.commands.map(({ argv }) => argv[2]);
    expect(verbs(15)).toEqual(['list-nodes', 'list-cluster-operations-v2']);
    expect(verbs(16)).toEqual(['list-nodes', 'list-cluster-operations-v2', 'reboot-broker']);
  });

  test('no reboot while replicas are missing', () => {
    const snapshot = withIdle({ 2: silentFrom(JUDGED - 30, MINUTES_OF_DAY) })
      .withTopic('t')
      .withDeadBroker(2);
    const { recommendation } = runCheck('broker-silent', snapshot);
    expect(recommendation!.commands.map(({ argv }) => argv[2])).not.toContain('reboot-broker');
    expect(recommendation!.action).toMatch(/^Wait/);
  });

  test('names the zone, and since when', () => {
    const [finding] = runCheck('broker-silent', gone()).findings;
    expect(finding).toMatchObject({ measured: 5, limit: 5, now: 1 });
    expect(finding!.note).toMatch(/euw1-az2$/);
    expect(minuteMs(JUDGED - 5)).toBeLessThan(TAKEN_AT_MS);
  });
});
