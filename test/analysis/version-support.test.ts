import { expect, test } from 'vitest';
import { versionSupport } from '../../lib/analysis/version-support.ts';
import { KAFKA_VERSIONS_AS_OF } from '../../lib/facts/kafka-versions.ts';
import { type Collected, missing } from '../../lib/snapshot/collected.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

const DAY_MS = 86_400_000;
const AS_OF_MS = Date.parse(KAFKA_VERSIONS_AS_OF);
type Versions = Collected<SectionValue<'versions'>>;
const UNREAD: Versions = missing('not-permitted', '');
const list = (status: string | null): Versions => ({
  ok: true,
  value: { status, upgradeTargets: [] },
  asOfMs: AS_OF_MS,
});
/** On the day of the table unless another is named. */
const told = (version: string, versions: Versions = UNREAD, days = 0) =>
  versionSupport(version, versions, { takenAtMs: AS_OF_MS + days * DAY_MS, maxTableAgeDays: 90 });

test('days to the end of support in the table, below 0 past it', () => {
  // 3.7.x ends on 2026-09-01, ten days after the table's own.
  expect(told('3.7.x')).toMatchObject({ daysLeft: 10, byList: false, unknown: null, status: null });
  expect(told('3.7.x', UNREAD, 15).daysLeft).toBe(-5);
  expect(told('3.7.x', UNREAD, 15).support?.endOfSupportDate).toBe('2026-09-01');
});

test('DEPRECATED in MSK’s list is past the end, and says so where the table has none or a later one', () => {
  expect(told('3.9.x', list('DEPRECATED'))).toMatchObject({ daysLeft: 0, byList: true, status: 'DEPRECATED' });
  expect(told('3.7.x', list('DEPRECATED'))).toMatchObject({ daysLeft: 0, byList: true, unknown: null });
  expect(told('3.7.x', list('DEPRECATED'), 10)).toMatchObject({ daysLeft: 0, byList: false });
  expect(told('3.7.x', list('DEPRECATED'), 15)).toMatchObject({ daysLeft: -5, byList: false });
  expect(told('9.9.x', list('DEPRECATED'))).toMatchObject({ support: null, daysLeft: 0, byList: true, unknown: null });
});

test('a version that the table does not hold is unknown, whatever else the list calls it', () => {
  const unknown = `is not in the table of supported versions of ${KAFKA_VERSIONS_AS_OF}`;
  expect(told('9.9.x')).toMatchObject({ support: null, endMs: null, daysLeft: null, unknown });
  expect(told('9.9.x', list('ACTIVE'))).toMatchObject({ status: 'ACTIVE', unknown });
});

test('no announced end is believed of a table that is young enough, or where the list says ACTIVE', () => {
  const open = { daysLeft: null, byList: false, unknown: null };
  expect(told('3.9.x', UNREAD, 90)).toMatchObject(open);
  expect(told('3.9.x', UNREAD, 90.1).unknown).toMatch(/^has no end of support in a copy of AWS's table of /);
  expect(told('3.9.x', list(null), 90.1).unknown).not.toBeNull();
  expect(told('3.9.x', list('ACTIVE'), 90.1)).toMatchObject(open);
  // A date does not age.
  expect(told('3.7.x', UNREAD, 400)).toMatchObject({ daysLeft: -390, unknown: null });
});
