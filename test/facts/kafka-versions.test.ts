import { expect, test } from 'vitest';
import { endOfSupportMs, KAFKA_VERSIONS, metadataModeOf, supportOf } from '../../lib/facts/kafka-versions.ts';

test.each<[string, string, string | null, string]>([
  ['3.9.x', '3.9.x', null, 'an open line'],
  ['3.9.x.kraft', '3.9.x', null, 'the KRaft spelling of a line'],
  ['3.7.x', '3.7.x', '2026-09-01', 'a line that has ended'],
  ['3.7.1', '3.7.x', '2026-09-01', 'a patch number of an .x line'],
  ['2.8.2.tiered', '2.8.2.tiered', '2025-01-14', 'the tiered spelling'],
  ['3.6.0', '3.6.0', '2026-06-01', 'a full version'],
  ['2.4.1.1', '2.4.1.1', '2024-06-08', 'four numbers'],
  ['2.6.2', '2.6.x', '2024-09-11', 'a patch of an old .x line'],
  ['4.0.x', '4.0.x', null, 'KRaft only'],
  [' 4.2.x ', '4.2.x', null, 'blanks around'],
])('%s belongs to %s and ends %s: %4$s', (version, line, end) => {
  expect(supportOf(version)).toMatchObject({ line, endOfSupportDate: end });
});

test.each(['4.3.x', '5.0.0', '3.6.1', '3.10.x', '2.8.2', '', 'latest', '3.9', '3.9.x.other'])(
  'does not guess the support of %j',
  (version) => {
    expect(supportOf(version)).toBeNull();
  },
);

test('the end of support is the start of its day in UTC, and null while none is announced', () => {
  expect(endOfSupportMs(supportOf('3.7.x')!)).toBe(Date.UTC(2026, 8, 1));
  expect(endOfSupportMs(supportOf('3.9.x')!)).toBeNull();
});

test.each([
  ['3.9.x.kraft', 'kraft'],
  ['4.0.x', 'kraft'],
  ['3.6.0', 'zookeeper'],
  ['3.9.x', null],
  ['9.9.x', null],
])('%s proves the metadata mode %s', (version, mode) => {
  expect(metadataModeOf(version)).toBe(mode);
});

test('every line stands once and every date is an ISO day', () => {
  const lines = KAFKA_VERSIONS.map((each) => each.line);
  expect(new Set(lines).size).toBe(lines.length);
  for (const { mskReleaseDate, endOfSupportDate } of KAFKA_VERSIONS) {
    for (const date of [mskReleaseDate, endOfSupportDate]) {
      if (date !== null) expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
    }
  }
});
