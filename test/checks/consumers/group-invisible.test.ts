import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, TAKEN_AT_MS, WINDOW_START_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

const named = (groupId: string) =>
  aSnapshot()
    .withTopic('payments', { partitions: 1 })
    .withGroup(groupId, { commits: { payments: [1000] } });
const billing = () => aGroup([10_000, 10_000, 10_000]);
const silent = () => withLag(billing(), () => null);

describe('group-invisible', () => {
  describeVerdicts('group-invisible', [
    ['passes: CloudWatch has its lag', withLag(billing(), () => 5), 'pass'],
    ['passes: it has a single point', withLag(billing(), (m) => (m === 700 ? 5 : null)), 'pass'],
    ['warns: a colon in the name', named('eu:billing'), 'warn', 'low eu:billing'],
    ['warns: a character outside ASCII', named('zahlungen-für-alle'), 'warn', 'low zahlungen-für-alle'],
    ['warns: stable, committing, asked for and never seen', silent(), 'warn', 'low billing'],
    [
      'passes: never seen, and rebalancing',
      silent().withGroupFields('billing', { state: 'PreparingRebalance' }),
      'pass',
    ],
    ['no-data: not asked for', billing(), 'no-data'],
    ['no-data: the answer broke off', brokenOff(), 'no-data'],
    ['no-data: CloudWatch could not be read', silent().without('metrics', 'throttled'), 'no-data'],
    [
      'no-data: the whole window was maintenance',
      silent().withOperation('UPDATE', WINDOW_START_MS, TAKEN_AT_MS),
      'no-data',
    ],
    [
      'passes: a group that commits nothing has no lag',
      withLag(billing(), () => 5).withGroup('a:b', { commits: {} }),
      'pass',
    ],
    ['no-data: offsets were not read', named('eu:billing').without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['warns on Serverless', named('eu:billing').withKind('serverless'), 'warn', 'low eu:billing'],
    ['not applicable on Kafka without AWS', named('eu:billing').withKind('kafka'), 'not-applicable'],
    ['not applicable: no groups', aSnapshot(), 'not-applicable'],
  ]);
  describeSeverities('group-invisible', () => named('a:b'), { production: 'low', staging: 'low', development: 'info' });

  test('a name is certain, silence is not', () => {
    expect(runCheck('group-invisible', named('a:b')).findings[0]).toMatchObject({
      note: 'its name has a colon or a character outside ASCII',
      confidence: 1,
    });
    expect(runCheck('group-invisible', silent()).findings[0]).toMatchObject({
      note: 'stable and committing, but SumOffsetLag has no point in the window',
      confidence: 0.6,
    });
  });

  test('exports the offsets of the old name', () => {
    const commands = runCheck('group-invisible', named('eu:billing')).recommendation!.commands;
    expect(renderCommand(commands[1]!)).toMatch(
      /--reset-offsets --to-current --all-topics --export --dry-run --group eu:billing$/,
    );
    expect(runCheck('group-invisible', silent()).recommendation!.commands).toHaveLength(1);
  });
});

function brokenOff() {
  const snapshot = silent().build();
  const { metrics } = snapshot.sections;
  if (!metrics?.ok) throw new Error('no metrics');
  for (const series of metrics.value.series) series.incomplete = true;
  return silent().withSection('metrics', metrics.value);
}
