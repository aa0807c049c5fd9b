import { describe, expect, test } from 'vitest';
import { judge } from '../../lib/checkup.ts';
import type { RunRecord } from '../../lib/history/history.ts';
import { runRecordOf } from '../../lib/history/record.ts';
import { parsePolicy } from '../../lib/policy/load-policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const CHECK = 'replication-factor-low';

function report(
  waivers: string,
  { previous = null, takenAtMs = TAKEN_AT_MS }: { previous?: RunRecord | null; takenAtMs?: number } = {},
) {
  const text = `version: 1\nenvironment: production\nowner: platform\ntopics: {"scratch-*": {owner: data}}\nwaivers: {${waivers}}`;
  const parsed = parsePolicy(text, 'p');
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  const snapshot = aSnapshot()
    .withTopic('orders', { replicationFactor: 1 })
    .withTopic('scratch-1', { replicationFactor: 1 })
    .withTopic('scratch-2', { replicationFactor: 1 })
    .build();
  const policy = resolvePolicy({ overrides: parsed.overrides, tags: null, clusterName: '' });
  return judge({ snapshot: { ...snapshot, takenAtMs }, policy, previous, runId: 'r', toolVersion: '0' });
}

const waiver = (resource: string, expires = '2026-12-31') =>
  `w: {check: ${CHECK}, resource: "${resource}", reason: made again, owner: data, expires: ${expires}}`;
const cardOf = (made: ReturnType<typeof report>, id: string = CHECK) =>
  made.checks.find(({ checkId }) => checkId === id)!;

describe('a waiver', () => {
  test('takes its findings out of verdict and advice, and lists them with reason, owner and end', () => {
    const made = report(waiver('scratch-*'));
    expect(made.findings.filter(({ checkId }) => checkId === CHECK).map(({ resource }) => resource)).toEqual([
      'orders',
    ]);
    expect(made.waivers.waived.map(({ resource, waiver: by }) => [resource, by.reason, by.owner, by.expires])).toEqual([
      ['scratch-1', 'made again', 'data', '2026-12-31'],
      ['scratch-2', 'made again', 'data', '2026-12-31'],
    ]);
    expect(cardOf(made).summary).toBe('1 finding, the worst of topic orders; 2 findings are waived by the policy.');
    expect(made.notices).toContain(
      '2 findings are waived by the policy and left out of the verdict; the report lists them.',
    );
  });

  test('of everything leaves nothing to act on, and no sentence that all is well', () => {
    const card = cardOf(report(waiver('*')));
    expect([card.status, card.recommendation, card.summary]).toEqual([
      'pass',
      null,
      'Found, and accepted: 3 findings are waived by the policy.',
    ]);
    expect(card.title).toBe(cardOf(report('')).title);
  });

  test('that has expired hides nothing, and is told', () => {
    const made = report(waiver('*', '2026-11-19'));
    expect(made.findings.filter(({ checkId }) => checkId === CHECK)).toHaveLength(3);
    expect(made.waivers).toMatchObject({ waived: [], expired: [{ name: 'w' }], stale: [] });
    expect(made.notices).toContain(
      `The waiver "w" of ${CHECK} (data) expired on 2026-11-19: its findings count again.`,
    );
  });

  test('that covers nothing is told, unless its check could not look', () => {
    const made = report(waiver('gone'));
    expect(made.waivers.stale).toEqual([{ name: 'w', check: CHECK, owner: 'data', expires: '2026-12-31' }]);
    const blind = report('w: {check: consumer-stalled, reason: r, owner: o, expires: 2026-12-31}');
    expect(cardOf(blind, 'consumer-stalled').status).toBe('not-applicable');
    expect(blind.waivers.stale).toEqual([]);
  });

  test('is no change of the cluster: neither resolved when it begins, nor new when it ends', () => {
    const before = report('');
    const during = report(waiver('scratch-*'), { previous: runRecordOf(before, null) });
    expect(during.changes.resolved).toEqual([]);
    expect(during.changes.causes.join()).toMatch(/policy changed/);
    const after = report('', { previous: runRecordOf(during, null) });
    expect(after.changes.new).toEqual([]);
    expect(after.findings.find(({ resource }) => resource === 'scratch-1')?.change).toBe('persisting');
  });
});

test('an owner comes from the pattern that fits, else from the policy as a whole', () => {
  const owners = report('')
    .findings.filter(({ checkId }) => checkId === CHECK)
    .map(({ resource, owner }) => [resource, owner]);
  expect(Object.fromEntries(owners)).toEqual({ orders: 'platform', 'scratch-1': 'data', 'scratch-2': 'data' });
});
