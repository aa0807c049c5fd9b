import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clusterKeyPart,
  dayInZone,
  isRunId,
  isScheduledRun,
  keyPart,
  runKeys,
  scheduledRunId,
} from '../../lib/publish/keys.ts';
import { anyText } from '../builders/any-text.ts';

const CLUSTER = { name: 'orders', identity: 'a1b2c3d4-1111-2222', accountId: '111122223333', region: 'eu-west-1' };

describe('keys of a run', () => {
  test('are the documented ones, because Athena and other rooms read them', () => {
    const keys = runKeys(CLUSTER, { id: '20261120T0615Z', dt: '2026-11-20' });
    const of = 'account=111122223333/region=eu-west-1/cluster=orders~a1b2c3d4/dt=2026-11-20/run=20261120T0615Z';
    expect(keys).toMatchObject({
      html: `v1/reports/${of}/report.html`,
      json: `v1/reports/${of}/report.json`,
      snapshot: `v1/snapshots/${of}/snapshot.json.gz`,
      latest: 'v1/latest/111122223333/eu-west-1/orders~a1b2c3d4.json',
    });
    expect(keys.sent('sns')).toBe('runs/20261120T0615Z/sent/sns-orders~a1b2c3d4.json');
  });

  test('keep apart two clusters of one name, because a name may be used again', () => {
    expect(clusterKeyPart(CLUSTER)).not.toBe(clusterKeyPart({ ...CLUSTER, identity: 'ffffffff-1111' }));
  });

  test('a name can neither climb nor add a level nor imitate a separator', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (name) => {
        const part = keyPart(name);
        expect(part).toMatch(/^[A-Za-z0-9_!-][A-Za-z0-9_.!-]*$/);
        expect(part.length).toBeLessThanOrEqual(120);
      }),
    );
  });

  test('short names that differ have keys that differ', () => {
    const short = anyText({ minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        fc.pre(Buffer.compare(Buffer.from(a), Buffer.from(b)) !== 0);
        expect(keyPart(a)).not.toBe(keyPart(b));
      }),
    );
  });
});

describe('ids of a run', () => {
  test('the seconds of a delivery do not matter, the minute does', () => {
    expect(scheduledRunId(Date.UTC(2026, 10, 20, 6, 15, 42))).toBe('20261120T0615Z');
  });

  test.each([
    ['20261120T0615Z', true, true],
    ['manual-0b6cf2a1-5a3c-4d55-9a4d-0123456789ab', true, false],
    ['manual-../../x', false, false],
    ['20261120T0615', false, false],
  ])('%s', (id, known, scheduled) => {
    expect(isRunId(id)).toBe(known);
    expect(isScheduledRun(id)).toBe(scheduled);
  });

  test('the day is the one of the schedule’s zone, because a 06:15 run in Auckland is yesterday in UTC', () => {
    expect(dayInZone(Date.UTC(2026, 10, 19, 17, 15), 'Pacific/Auckland')).toBe('2026-11-20');
  });
});
