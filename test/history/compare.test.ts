import { describe, expect, test } from 'vitest';
import type { CheckResult, Finding, Severity } from '../../lib/checks/check.ts';
import { compareRuns } from '../../lib/history/compare.ts';
import type { HistoricFinding, RunRecord } from '../../lib/history/history.ts';
import { readRunRecord, runRecordOf } from '../../lib/history/record.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { aFinding, NOW } from '../report/a-check.ts';
import { aReport } from '../report/a-report.ts';

const DAY = 86_400_000;

function finding(resource: string, severity: Severity = 'high', checkId: CheckId = 'cpu-high'): Finding {
  return {
    id: `${checkId}:${resource}`,
    checkId,
    scope: 'broker',
    resource,
    severity,
    measured: 90,
    limit: 80,
    unit: 'percent',
    confidence: 1,
  };
}

function result(findings: readonly Finding[], over: Partial<CheckResult> = {}): CheckResult {
  return {
    checkId: 'cpu-high',
    area: 'capacity',
    title: 'Brokers with high CPU',
    status: findings.length > 0 ? 'fail' : 'pass',
    summary: 'said',
    findings,
    evidence: [],
    recommendation: null,
    waived: [],
    partial: null,
    ...over,
  };
}

function record(findings: readonly Finding[], over: Partial<RunRecord> = {}): RunRecord {
  return {
    schemaVersion: 1,
    runId: 'yesterday',
    takenAtMs: NOW - DAY,
    toolVersion: '0.1.0',
    policyFingerprint: 'p1',
    clusterIdentity: 'c1',
    score: 80,
    checks: [{ checkId: 'cpu-high', status: 'fail' }],
    findings: findings.map(
      ({ id, checkId, severity, scope, resource, measured }): HistoricFinding => ({
        id,
        checkId,
        severity,
        scope,
        resource,
        title: 'Brokers with high CPU',
        measured,
        firstSeenMs: NOW - 5 * DAY,
      }),
    ),
    ...over,
  };
}

function compare(
  previous: RunRecord | null,
  results: readonly CheckResult[],
  over: Partial<Parameters<typeof compareRuns>[0]> = {},
) {
  return compareRuns({
    previous,
    takenAtMs: NOW,
    clusterIdentity: 'c1',
    findings: results.flatMap(({ findings }) => findings),
    waived: results.flatMap(({ waived }) => waived),
    checkResults: results,
    toolVersion: '0.1.0',
    policyFingerprint: 'p1',
    ...over,
  });
}

/** What the next run reads, of a report that lists nothing. */
function recordAfter({ changes }: ReturnType<typeof compareRuns>, previous: RunRecord): RunRecord {
  const checks = aReport().checks.filter(({ checkId }) => checkId === 'cpu-high');
  return {
    ...runRecordOf(aReport({ findings: [], changes, checks }), previous),
    clusterIdentity: 'c1',
    policyFingerprint: 'p1',
  };
}

describe('a finding has a life', () => {
  test('first run: everything is baseline, nothing is new', () => {
    const { changes, lives } = compare(null, [result([finding('1')])]);
    expect(changes).toEqual({
      previous: null,
      new: [],
      worse: [],
      persisting: [],
      clearing: [],
      resolved: [],
      notRechecked: [],
      causes: [],
    });
    expect(lives.get('cpu-high:1')).toEqual({ change: null, firstSeenMs: NOW });
  });

  test('new, worse, persisting and gone, by id alone', () => {
    const before = [finding('1', 'medium'), finding('2', 'critical'), finding('3', 'low')];
    const { changes, lives } = compare(record(before), [
      result([finding('1', 'high'), finding('2', 'high'), finding('4')]),
    ]);
    expect(changes).toMatchObject({
      new: ['cpu-high:4'],
      worse: ['cpu-high:1'],
      persisting: ['cpu-high:2'],
      notRechecked: [],
    });
    expect(changes.clearing.map(({ id }) => id)).toEqual(['cpu-high:3']);
    expect(lives.get('cpu-high:1')?.firstSeenMs).toBe(NOW - 5 * DAY);
    expect(lives.get('cpu-high:4')?.firstSeenMs).toBe(NOW);
  });

  test.each<[string, readonly CheckResult[], string]>([
    ['its check has no data', [result([], { status: 'no-data', summary: 'no metrics' })], 'no metrics'],
    ['its check failed itself', [result([], { status: 'error' })], 'the check itself failed'],
    ['its check was not run', [], 'the check was not run'],
    [
      'its check answered only partly',
      [result([finding('2')], { partial: '1 of 3 brokers unread' })],
      '1 of 3 brokers unread',
    ],
  ])('never resolved when %s', (_, results, because) => {
    const { changes } = compare(record([finding('1')]), results);
    expect([...changes.clearing, ...changes.resolved]).toEqual([]);
    expect(changes.notRechecked).toMatchObject([{ id: 'cpu-high:1', resource: '1', severity: 'high', because }]);
  });

  test.each<[string, CheckResult]>([
    ['looked and passed', result([])],
    ['no longer applies', result([], { status: 'not-applicable' })],
  ])('resolved when its check %s twice, and not the first time', (_, clean) => {
    const first = record([finding('1')]);
    const once = compare(first, [clean]);
    expect([once.changes.clearing.map(({ id }) => id), once.changes.resolved]).toEqual([['cpu-high:1'], []]);
    const twice = compare(recordAfter(once, first), [clean]);
    expect([twice.changes.clearing, twice.changes.resolved.map(({ id }) => id)]).toEqual([[], ['cpu-high:1']]);
    expect(recordAfter(twice, first).findings).toEqual([]);
  });

  test('what comes back after one clean report was never gone', () => {
    const first = record([finding('1')]);
    const back = compare(recordAfter(compare(first, [result([])]), first), [result([finding('1')])]);
    expect(back.changes).toMatchObject({ new: [], persisting: ['cpu-high:1'], clearing: [], resolved: [] });
    expect(back.lives.get('cpu-high:1')?.firstSeenMs).toBe(NOW - 5 * DAY);
  });

  test('a clean report, one that did not look, another clean one: two clean reports', () => {
    const first = record([finding('1')]);
    const once = recordAfter(compare(first, [result([])]), first);
    const blind = recordAfter(compare(once, [result([], { status: 'no-data' })]), once);
    expect(compare(blind, [result([])]).changes.resolved).toHaveLength(1);
  });

  test('not new when the earlier run could not look', () => {
    const blind = record([], { checks: [{ checkId: 'cpu-high', status: 'no-data' }] });
    const { changes, lives } = compare(blind, [result([finding('1')])]);
    expect(changes.new).toEqual([]);
    expect(lives.get('cpu-high:1')).toEqual({ change: null, firstSeenMs: NOW });
  });

  test('a change of tool or policy is named as a cause', () => {
    const { changes } = compare(record([], { toolVersion: '0.0.9', policyFingerprint: 'p0' }), [result([])]);
    expect(changes.causes).toHaveLength(2);
    expect(changes.causes[0]).toContain('0.0.9 to 0.1.0');
    expect(changes.causes[1]).toContain('policy changed');
  });

  test.each([
    ['another cluster of the same name', { clusterIdentity: 'c0' }],
    ['a later run', { takenAtMs: NOW + 1 }],
  ])('compares with nothing when the record is of %s, and says so', (_, over) => {
    const { changes } = compare(record([finding('1')], over), [result([])]);
    expect(changes).toMatchObject({ previous: null, resolved: [] });
    expect(changes.causes).toHaveLength(1);
  });
});

describe('the record of a run', () => {
  test('survives writing and reading', () => {
    const written = runRecordOf(aReport(), null);
    expect(readRunRecord(JSON.parse(JSON.stringify(written)))).toEqual({ record: written, notice: null });
    expect(written.findings).toHaveLength(4);
  });

  test('a finding that nobody looked for lives on, and is not new when it is seen again', () => {
    const first = record([finding('1')]);
    const blind = compare(first, [result([], { status: 'no-data' })]);
    const report = aReport({
      findings: [],
      changes: blind.changes,
      checks: aReport().checks.filter(({ checkId }) => checkId === 'cpu-high'),
    });
    const second = runRecordOf(report, first);
    expect(second.findings).toEqual(first.findings);
    const third = compare({ ...second, clusterIdentity: 'c1', policyFingerprint: 'p1' }, [result([finding('1')])]);
    expect(third.changes.persisting).toEqual(['cpu-high:1']);
    expect(third.lives.get('cpu-high:1')?.firstSeenMs).toBe(NOW - 5 * DAY);
  });

  test('a check that left the tool takes its findings with it', () => {
    const first = record([finding('1')]);
    const gone = compare(first, []);
    expect(runRecordOf(aReport({ findings: [], changes: gone.changes, checks: [] }), first).findings).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['a newer schema', { ...runRecordOf(aReport(), null), schemaVersion: 2 }, 'newer version'],
    ['a damaged one', { schemaVersion: 1, runId: 7 }, 'damaged'],
    ['no object', 'text', 'damaged'],
    ['nothing', undefined, 'damaged'],
    [
      'an unknown severity',
      { ...runRecordOf(aReport(), null), findings: [{ ...aFinding(), severity: 'fatal' }] },
      'damaged',
    ],
  ])('%s is no record, and the report says so', (_, document, words) => {
    const { record: read, notice } = readRunRecord(document);
    expect(read).toBeNull();
    expect(notice).toContain(words);
  });
});
