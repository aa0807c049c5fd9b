import { expect, test } from 'vitest';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const snapshot = aSnapshot()
  .withSection('bill', {
    startDate: '2026-10-22',
    endDate: '2026-11-21',
    currency: 'USD',
    metric: 'UnblendedCost',
    isEstimated: false,
    items: [{ usageType: 'EU-Kafka.m5.large', amount: 123456.78, quantity: 1, unit: 'hours' }],
    adjustments: [],
    cost: { calls: 1, usd: 0.01 },
  })
  .build();

test('what a whole account pays leaves with the account, and stays in its owner’s own snapshot', () => {
  const redacted = redactSnapshot(snapshot);
  expect(JSON.stringify(redacted)).not.toContain('123456');
  expect(redacted.sections.bill).toMatchObject({ ok: false, reason: 'not-requested' });
  expect(redactSnapshot(redacted)).toEqual(redacted);
  expect(redactSnapshot(snapshot, { keepAccount: true }).sections.bill).toEqual(snapshot.sections.bill);
});
