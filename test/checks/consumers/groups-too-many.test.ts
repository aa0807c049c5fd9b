import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

function groups(count: number, builder: SnapshotBuilder = aSnapshot()): SnapshotBuilder {
  for (let i = 0; i < count; i++) builder.withGroup(`job-${i}`, { commits: {}, members: i % 2 });
  return builder;
}
const ten = () => aSnapshot().withBrokers(12);

describe('groups-too-many', () => {
  describeVerdicts('groups-too-many', [
    ['passes: no groups', aSnapshot(), 'pass'],
    ['passes: 100 for each of three brokers', groups(300), 'pass'],
    ['warns: one more', groups(301), 'warn', 'low orders'],
    ['passes: 1,000 on twelve brokers', groups(1000, ten()), 'pass'],
    ['warns: 1,001 on twelve brokers', groups(1001, ten()), 'warn', 'low orders'],
    ['passes: 80 % of the quota of Serverless', groups(400).withKind('serverless'), 'pass'],
    ['warns: one more than 80 % of the quota', groups(401).withKind('serverless'), 'warn', 'low orders'],
    [
      'passes: as many as one broker takes, whatever their number',
      groups(100).without('nodes').without('kafkaBrokers'),
      'pass',
    ],
    [
      'no-data: more, and the number of brokers is not known',
      groups(101).without('nodes').without('kafkaBrokers'),
      'no-data',
    ],
    [
      'no-data: part of the groups was not listed',
      groups(3).withPartial('kafkaGroups', 'broker 2 did not answer'),
      'no-data',
    ],
    [
      'warns though part was not listed',
      groups(301).withPartial('kafkaGroups', 'broker 2 did not answer'),
      'warn',
      'low orders',
    ],
    ['no-data: groups were not listed', groups(301).without('kafkaGroups', 'timed-out'), 'no-data'],
    ['warns on Express', groups(301).withKind('provisioned-express'), 'warn', 'low orders'],
    ['warns on Kafka without AWS', groups(301).withKind('kafka'), 'warn', 'low orders'],
  ]);
  describeSeverities('groups-too-many', () => groups(301), { production: 'low', staging: 'low', development: 'info' });

  test('generated ids count as one form', () => {
    const source = groups(301)
      .withGroup('etl-0f8fad5b-d9cb-469f-a165-70867728950e', { commits: {} })
      .withGroup('etl-7c9e6679-7425-40de-944b-e07fc1f90ae7', { commits: {} })
      .withGroup('billing', { commits: {} });
    expect(runCheck('groups-too-many', source).evidence[0]!.rows).toEqual([
      { stem: 'job', groups: 301, empty: 151 },
      { stem: 'etl', groups: 2, empty: 0 },
      { stem: 'billing', groups: 1, empty: 0 },
    ]);
  });
});
