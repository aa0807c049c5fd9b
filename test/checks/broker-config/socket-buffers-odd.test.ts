import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const [SEND, RECEIVE] = ['socket.send.buffer.bytes', 'socket.receive.buffer.bytes'];
const buffers = (send: string, receive = '102400'): SnapshotBuilder =>
  aSnapshot().withBrokerSettings({ [SEND!]: send, [RECEIVE!]: receive });

describe('socket-buffers-odd', () => {
  describeVerdicts('socket-buffers-odd', [
    ['passes: the default', buffers('102400'), 'pass'],
    ['warns: one byte less', buffers('102399'), 'warn', `low ${SEND}`],
    ['passes: left to the system', buffers('-1', '-1'), 'pass'],
    ['passes: 1 MiB for a long way', buffers('1048576'), 'pass'],
    ['passes: 4 MiB', buffers('4194304'), 'pass'],
    ['warns: more than 4 MiB', buffers('4194305'), 'warn', `low ${SEND}`],
    ['warns: both', buffers('65536', '65536'), 'warn', `low ${RECEIVE}`, `low ${SEND}`],
    ['no-data: the brokers were not asked', buffers('102400').without('kafkaBrokerConfigs', 'unreachable'), 'no-data'],
    ['warns on Kafka without AWS', buffers('65536').withKind('kafka'), 'warn', `low ${SEND}`],
    ['not applicable: Serverless', buffers('65536').withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('socket-buffers-odd', () => buffers('65536'), {
    production: 'low',
    staging: 'info',
    development: 'info',
  });

  test('held against the limit that it crosses', () => {
    expect(runCheck('socket-buffers-odd', buffers('65536')).findings[0]?.limit).toBe(102_400);
    expect(runCheck('socket-buffers-odd', buffers('9000000')).findings[0]?.limit).toBe(4_194_304);
  });
});
