import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup } from './groups.ts';

const rewound = () => aGroup([8000, 3000, 3500]);

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
  ]);
  describeSeverities('offset-rewound', rewound, { production: 'medium', staging: 'low', development: 'info' });

  test('from 8,000 to 3,000, seen a minute after the first look', () => {
    const result = runCheck('offset-rewound', rewound());
    expect(result.findings[0]).toMatchObject({ measured: 5000, unit: 'messages' });
    expect(result.evidence[0]!.rows[0]).toMatchObject({ from: '8000', to: '3000', again: 5000, partition: 0 });
    expect(result.summary).toContain('billing went back by 5,000 messages');
  });
});
