import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const WEEK = '604800000';
const DAY = '86400000';

function tiered(
  configs: Record<string, string>,
  copyLag: number | number[] = 1000,
  errors: number | number[] = 0,
): SnapshotBuilder {
  const set = { 'remote.storage.enable': 'true', 'retention.ms': WEEK, 'local.retention.ms': DAY, ...configs };
  const builder = aSnapshot().withCluster({ storageMode: 'TIERED' }).withTopic('orders', { configs: set });
  for (const id of [1, 2, 3])
    builder
      .withMetric(METRICS.remoteCopyLag, { 'Broker ID': id }, copyLag)
      .withMetric(METRICS.remoteCopyErrors, { 'Broker ID': id }, id === 1 ? errors : 0);
  return builder;
}

/** Rising for so many hours up to now. */
const growing = (hours: number) =>
  Array.from({ length: PERIODS_OF_DAY }, (_, i) => Math.max(0, i - (PERIODS_OF_DAY - hours * 12)) * 1e6);

describe('tiering-misconfigured', () => {
  describeVerdicts('tiering-misconfigured', [
    ['passes: a day of a week on the brokers', tiered({}), 'pass'],
    ['fails: all of it stays on the brokers', tiered({ 'local.retention.ms': WEEK }), 'fail', 'high orders'],
    ['fails: -2 is the whole retention', tiered({ 'local.retention.ms': '-2' }), 'fail', 'high orders'],
    [
      'passes: -2 with a limit in bytes',
      tiered({ 'local.retention.ms': '-2', 'local.retention.bytes': '1000000' }),
      'pass',
    ],
    ['fails: longer on the brokers than in all', tiered({ 'local.retention.ms': '604800001' }), 'fail', 'high orders'],
    ['passes: a millisecond less', tiered({ 'local.retention.ms': '604799999' }), 'pass'],
    ['fails: less than three days in all', tiered({ 'retention.ms': '259199999' }), 'fail', 'high orders'],
    ['passes: three days', tiered({ 'retention.ms': '259200000' }), 'pass'],
    ['passes: for ever, a day of it on the brokers', tiered({ 'retention.ms': '-1' }), 'pass'],
    ['fails: the cluster does not tier', tiered({}).withCluster({ storageMode: 'LOCAL' }), 'fail', 'high orders'],
    [
      'fails: what waits to be copied has grown for six hours',
      tiered({}, growing(8)),
      'fail',
      'high RemoteCopyLagBytes',
    ],
    [
      'passes: it rises with the morning, to less than at noon yesterday',
      tiered(
        {},
        growing(8).map((value, i) => (i === 20 ? 1e9 : value)),
      ),
      'pass',
    ],
    ['passes: it falls', tiered({}, growing(24).reverse()), 'pass'],
    [
      'fails: copying fails for three hours',
      tiered({}, 1000, during5(PERIODS_OF_DAY - 36, PERIODS_OF_DAY, 1)),
      'fail',
      'high 1',
    ],
    ['passes: it failed for ten minutes', tiered({}, 1000, during5(100, 102, 1)), 'pass'],
    [
      'no-data: the level that publishes copying is not on',
      aSnapshot()
        .withCluster({ storageMode: 'TIERED' })
        .withTopic('t', { configs: { 'remote.storage.enable': 'true', 'local.retention.ms': DAY } }),
      'no-data',
    ],
    ['no-data: CloudWatch was not read', tiered({}).without('metrics', 'throttled'), 'no-data'],
    [
      'no-data: local retention was not read',
      aSnapshot()
        .withCluster({ storageMode: 'LOCAL' })
        .withSection('kafkaTopicConfigs', {})
        .withTopic('t')
        .withSection('kafkaTopicConfigs', {}),
      'no-data',
    ],
    ['not applicable: nothing is tiered', aSnapshot().withTopic('t'), 'not-applicable'],
    ['fails on Kafka without AWS', tiered({ 'local.retention.ms': '-2' }).withKind('kafka'), 'fail', 'high orders'],
    [
      'not applicable: Express',
      tiered({ 'local.retention.ms': '-2' }).withKind('provisioned-express'),
      'not-applicable',
    ],
  ]);

  describeSeverities('tiering-misconfigured', () => tiered({ 'local.retention.ms': '-2' }), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test.each([
    [
      'two weeks in all are not cut to one',
      { 'retention.ms': '1209600000', 'local.retention.ms': '-2' },
      ['local.retention.ms=43200000'],
    ],
    [
      'what is kept for ever stays',
      { 'retention.ms': '-1', 'local.retention.ms': '-2' },
      ['local.retention.ms=43200000'],
    ],
    ['a good local retention stays', { 'retention.ms': '172800000' }, ['retention.ms=259200000']],
    [
      'both are wrong',
      { 'retention.ms': '172800000', 'local.retention.ms': '172800000' },
      ['retention.ms=259200000', 'local.retention.ms=43200000'],
    ],
  ])('only what is wrong is set: %s', (_name, configs, set) => {
    const { commands } = runCheck('tiering-misconfigured', tiered(configs)).recommendation!;
    expect(commands.map(({ argv }) => argv.at(-1))).toEqual(set);
  });

  test('a cluster that does not tier: the settings of its topics are no fault', () => {
    const local = tiered({}).withCluster({ storageMode: 'LOCAL' });
    const { commands } = runCheck('tiering-misconfigured', local).recommendation!;
    expect(commands.map(({ argv }) => argv[2])).toEqual(['update-storage']);
  });

  test('never advises to switch tiering off', () => {
    const { recommendation } = runCheck('tiering-misconfigured', tiered({ 'local.retention.ms': '-2' }));
    expect(JSON.stringify(recommendation?.commands)).not.toContain('remote.storage.enable=false');
    expect(recommendation?.risk).toContain('permanent');
  });
});
