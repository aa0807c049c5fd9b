import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup } from './groups.ts';

const rewound = () => aGroup([8000, 3000, 3500]);

/** Partition 0 ends at 5 at every look, or as told. */
const recreated = (end: number = 5, group = {}) => {
  const committed = 501_818_523;
  return aGroup([committed, committed, committed], { end }, group);
};

describe('offset-rewound', () => {
  describeVerdicts('offset-rewound', [
    ['passes: going forward', aGroup([5000, 6000, 7000]), 'pass'],
    ['warns: fell by 5,000 and is not back', rewound(), 'warn', 'medium billing'],
    ['warns: fell by one record', aGroup([8000, 8000, 7999]), 'warn', 'medium billing'],
    ['passes: fell and is back where it was', aGroup([8000, 3000, 8000]), 'pass'],
    ['passes: within the lag that is never judged', aGroup([9990, 9910, 9950]), 'pass'],
    ['passes here: below the log start, which is another finding', aGroup([8000, 3000, 3500], { start: 4000 }), 'pass'],
    ['no-data: one look only', rewound().without('kafkaSamples'), 'no-data'],
    ['no-data: offsets were not read', rewound().without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['warns on Serverless', rewound().withKind('serverless'), 'warn', 'medium billing'],
    ['warns on Kafka without AWS', rewound().withKind('kafka'), 'warn', 'medium billing'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
    ['fails: the log ends at 5, committed is 501,818,523', recreated(), 'fail', 'high billing/payments'],
    [
      'fails: one record beyond the log end, seen later',
      aGroup([10_001, 10_001, 10_001]),
      'fail',
      'high billing/payments',
    ],
    ['passes: committed is exactly the log end', aGroup([10_000, 10_000, 10_000]), 'pass'],
    [
      'passes: three records came between the two reads of a look, and the log has them at the next',
      aGroup([10_003, 10_013, 10_023], { endPerSample: 10 }),
      'pass',
    ],
    [
      'passes: the race of the first look, with a log that grew to just there and no further',
      aGroup([10_020, 10_020, 10_020], { endPerSample: 10 }),
      'pass',
    ],
    [
      'fails: one record beyond what the log has grown to',
      aGroup([10_021, 10_021, 10_021], { endPerSample: 10 }),
      'fail',
      'high billing/payments',
    ],
    [
      'fails: created again, and the group is reset while the run looks',
      aGroup([8000, 8000, 3], { end: 5 }),
      'fail',
      'high billing/payments',
    ],
    [
      'warns only: nobody reads the topic now',
      recreated(5, { members: 0, state: 'Empty' }),
      'warn',
      'medium billing/payments',
    ],
    ['no-data: far beyond, but one look only', recreated().without('kafkaSamples'), 'no-data'],
    ['no-data: one record beyond at one look', aGroup([10_001, 10_001, 10_001]).without('kafkaSamples'), 'no-data'],
    ['passes: caught up at one look', aGroup([10_000, 10_000, 10_000]).without('kafkaSamples'), 'pass'],
    ['fails on Express', recreated().withKind('provisioned-express'), 'fail', 'high billing/payments'],
  ]);
  describeSeverities('offset-rewound', recreated, { production: 'high', staging: 'medium', development: 'low' });

  describeSeverities('offset-rewound', rewound, { production: 'medium', staging: 'low', development: 'info' });

  test('from 8,000 to 3,000, seen a minute after the first look', () => {
    const result = runCheck('offset-rewound', rewound());
    expect(result.findings[0]).toMatchObject({ measured: 5000, unit: 'messages' });
    expect(result.evidence[0]!.rows[0]).toMatchObject({ from: '8000', to: '3000', again: 5000, partition: 0 });
    expect(result.summary).toContain('billing went back by 5,000 messages');
  });

  test('a log that went back: how far, where, and a reset that is tried first', () => {
    const result = runCheck('offset-rewound', recreated());
    expect(result.findings[0]).toMatchObject({ measured: 501_818_518, limit: 0, unit: 'messages' });
    expect(result.summary).toContain('payments ends 501,818,518 messages below what billing committed');
    expect(result.evidence[1]!.rows).toMatchObject([
      { group: 'billing', topic: 'payments', partition: 0, committed: '501818523', end: '5', beyond: 501_818_518 },
    ]);
    const commands = result.recommendation!.commands.map((command) => [command.effect, renderCommand(command)]);
    expect(commands.map(([effect]) => effect)).toEqual(['read', 'read', 'change']);
    expect(commands[1]![1]).toMatch(/--reset-offsets --to-earliest --topic payments:0 --dry-run/);
    expect(commands[2]![1]).toMatch(/--topic payments:0 --execute/);
  });

  test('every partition is concerned: the reset names the topic alone', () => {
    const commits = { payments: Array.from({ length: 3 }, () => [700, 900]) };
    const source = aGroup([0, 0, 0], { end: 5 }, { commits });
    const result = runCheck('offset-rewound', source);
    expect(result.findings[0]).toMatchObject({ measured: 895, note: expect.stringContaining('2 partitions') });
    expect(renderCommand(result.recommendation!.commands[1]!)).toContain('--topic payments --dry-run');
  });

  test('the reason of a single look names the group', () => {
    const result = runCheck('offset-rewound', recreated().without('kafkaSamples'));
    expect(result.summary).toContain('billing committed beyond the log end');
  });

  test('nothing that is taken away turns it into a pass', () => {
    for (const section of ['kafkaGroups', 'kafkaOffsets', 'kafkaSamples'] as const)
      expect(runCheck('offset-rewound', recreated().without(section)).status).toBe('no-data');
  });

  test('checks of lag and loss do not say that such a group is where it should be', () => {
    const lost = runCheck('records-lost-to-retention', recreated());
    expect(lost.status).toBe('pass');
    expect(lost.summary).toContain('some lie beyond the log end');
    expect(lost.summary).not.toContain('still retained');
  });
});
