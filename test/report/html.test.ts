import { describe, expect, test } from 'vitest';
import { renderEmailText } from '../../lib/report/email-text.ts';
import { renderHtml } from '../../lib/report/html.ts';
import type { Report, ReportBill } from '../../lib/report/report.ts';
import { renderCommand } from '../../lib/text/command.ts';
import { aCheck, aFinding } from './a-check.ts';
import { aHostileReport, HOSTILE_NAMES } from './a-hostile-report.ts';
import { aReport } from './a-report.ts';
import { NO_FIGURES } from './an-inventory.ts';
import { bytes, terminal } from './rendered.ts';

const BILL: ReportBill = {
  modelUsdPerMonth: 612.9,
  billUsdPerMonth: 1000,
  adjustmentsUsdPerMonth: 0,
  differencePercent: -38.71,
  agrees: false,
  confidence: 0.5,
  caveats: ['It covers the account.'],
  startDate: '2025-12-05',
  endDate: '2026-01-04',
  partial: null,
};

describe('html', () => {
  test('a name never becomes markup: the same elements as with harmless names', () => {
    const tags = (report: Report) =>
      renderHtml(report)
        .body.match(/<[a-z/!][^>\s]*/gi)
        ?.join(' ');
    const harmless = tags(aHostileReport('harmless'));
    for (const name of HOSTILE_NAMES.filter(
      (each) => renderCommand({ purpose: '', effect: 'read', argv: [each] }) !== null,
    )) {
      expect(tags(aHostileReport(name)), JSON.stringify(name)).toBe(harmless);
    }
  });

  test('attributes, events and script never come from a name', () => {
    for (const name of HOSTILE_NAMES) {
      const { body } = renderHtml(aHostileReport(name));
      expect(body).not.toMatch(/<script|<img|<[^>]+\son[a-z]+=|href="(?!https:\/\/|#)/i);
    }
  });

  test('a reference that is no https page is not linked', () => {
    const report = aReport({ checks: [aCheck({ references: ['javascript:alert(1)', 'https://kafka.apache.org/x'] })] });
    const { body } = renderHtml(report);
    expect(body).toContain('href="https://kafka.apache.org/x"');
    expect(body).not.toContain('javascript:');
  });

  test('stays within 256 kB with thousands of findings, long names and every table full', () => {
    const name = '<&"\u{1f600}'.repeat(60);
    const findings = Array.from({ length: 5_000 }, (_, i) =>
      aFinding({ id: `cpu-high:${i}`, resource: `${i}${name}`, note: name }),
    );
    const evidence = aCheck().evidence.map((each) => ({
      ...each,
      rows: findings.map(({ resource }) => ({ broker: resource, used: 1, growth: 2 })),
    }));
    const report = aReport({
      findings,
      checks: Array.from({ length: 40 }, () => aCheck({ evidence, findingIds: findings.map(({ id }) => id) })),
      groups: {
        rows: Array.from({ length: 50 }, (_, i) => ({ ...aReport().groups.rows[0]!, groupId: `${i}${name}` })),
        total: 500,
      },
    });
    const { body } = renderHtml(report);
    expect(bytes(body)).toBeLessThanOrEqual(256_000);
    expect(body).toContain('of 5,000 shown');
  });

  test('says what is there: verdict, score, change, actions with risk, gaps with their fix, price date', () => {
    const { body } = renderHtml(aReport());
    for (const said of [
      'Act now',
      'Score 69 of 100, -6 since the last run',
      '87% assessed',
      'held at 69 instead of 78: Kafka version past its end of support',
      'The three things to do',
      'changes the cluster',
      'only reads',
      'Allow cloudwatch:GetMetricData on * for the caller',
      'as of 2025-12-01',
      'Not re-checked: 1',
      '$613/month',
    ]) {
      expect(body, said).toContain(said);
    }
  });

  test('a lower bound and an unknown line are seen as such, with what they rest on; addresses are shortened', () => {
    const line = { quantity: 12, unit: 'GiB', usdPerUnit: 0.5, usdPerMonth: 6 };
    const lines = [
      {
        ...line,
        label: 'Data written',
        isAtLeast: true as const,
        source: 'only of 2 of 3 brokers; k, https://a.example/b/c',
      },
      { ...line, label: 'Read', quantity: null, usdPerMonth: null, source: 'no metric tells it' },
    ];
    const { body } = renderHtml(aReport({ cost: { ...aReport().cost, lines, usdPerMonth: 6 } }));
    for (const said of [
      'At least $6.00/month',
      '1 line without a known quantity or price, 1 line of which more may be used',
      'at least 12 GiB',
      'at least $6.00<',
      'only of 2 of 3 brokers; k, a.example<',
      'no metric tells it',
    ]) {
      expect(body, said).toContain(said);
    }
  });

  test('what the cluster carries, with units, and nothing of what was not measured', () => {
    const { body } = renderHtml(aReport());
    for (const said of [
      '<dt>Taken in</dt><dd>3.91 MiB/s, peak 2 ×</dd>',
      '<dt>Records</dt><dd>4,000/s, 1 KiB each</dd>',
      '<dt>Readers</dt><dd>3 active groups, 12 members</dd>',
      '<dt>A GiB taken in costs</dt><dd>$0.07</dd>',
      'over 24 h by CloudWatch',
    ])
      expect(body).toContain(said);
    expect(body).not.toMatch(/<dt>(?:Read|Holds)<\/dt>/);
    expect(renderHtml(aReport({ figures: NO_FIGURES })).body).not.toContain('<dt>Taken in</dt>');
  });

  test('what the run cost, and the bill only where one was read', () => {
    const { body } = renderHtml(aReport());
    expect(body).toContain(
      '$0.0019: CloudWatch $0.0019 for 190 metrics (150 for the day, $0.0015; 40 for the weeks before, $0.0004)',
    );
    expect(body).not.toMatch(/the bill/i);
    const held = renderHtml(aReport({ bill: BILL })).body;
    expect(held).toContain(
      '$1,000/month for MSK in the whole account and region; the model of this cluster, $613/month, is 38.7% below it: neither is corrected by the other',
    );
    expect(held).toContain('It covers the account.');
    expect(terminal(aReport({ bill: BILL }))).toContain('Bill: $1,000/month for MSK');
    expect(terminal(aReport())).not.toContain('Bill:');
    expect(renderEmailText(aReport({ bill: BILL })).body).not.toContain('1,000');
  });

  test('what the cluster does not have is told with the cluster, not among what could not be measured', () => {
    const gap = {
      section: 'storageScaling',
      reason: 'not-supported' as const,
      detail: 'no volumes',
      fix: null,
      hides: [],
    };
    const report = aReport({
      gaps: [{ ...gap, isFault: false }],
      missingPermissions: [],
      levelGaps: [],
      partlyRead: [],
      checks: [],
    });
    const { body } = renderHtml(report);
    expect(body).toContain('Not read: Application Auto Scaling (no volumes).');
    expect(body).not.toContain('What could not be measured');
    expect(terminal(report)).not.toContain('Could not be measured');
    expect(renderEmailText(report).body).not.toContain('COULD NOT BE MEASURED');
  });

  test('several permissions are there to be pasted; one is a line', () => {
    const permission = (action: string) => ({ action, resource: '*', sections: ['metrics'] });
    const { body } = renderHtml(aReport({ missingPermissions: [permission('a:B'), permission('c:D')] }));
    expect(body).toContain(
      '{&quot;Effect&quot;:&quot;Allow&quot;,&quot;Action&quot;:[&quot;a:B&quot;,&quot;c:D&quot;],&quot;Resource&quot;:&quot;*&quot;}',
    );
    expect(renderHtml(aReport()).body).not.toContain('&quot;Effect&quot;');
  });

  test('metrics of a higher level are one line with the command; mail and terminal say nothing of them', () => {
    expect(renderHtml(aReport()).body).toContain('2 metrics would need the monitoring level PER_BROKER');
    for (const text of [terminal(aReport()), renderEmailText(aReport()).body]) expect(text).not.toContain('PER_BROKER');
  });

  test('a first run, an empty cluster and an unscored one are pages too', () => {
    const empty = { rows: [], total: 0 };
    const report = aReport({
      verdict: 'no-data',
      actions: [],
      findings: [],
      checks: [],
      gaps: [],
      partlyRead: [],
      missingPermissions: [],
      levelGaps: [],
      runCost: null,
      degraded: [],
      notices: [],
      brokers: empty,
      topics: empty,
      groups: empty,
      changes: {
        previous: null,
        new: [],
        worse: [],
        persisting: [],
        clearing: [],
        resolved: [],
        notRechecked: [],
        causes: [],
      },
      scorecard: { ...aReport().scorecard, score: null, uncapped: null, kpis: [], categories: [], caps: [] },
      cost: { usdPerMonth: null, complete: false, lines: [], source: 'no prices', asOfDate: null },
    });
    const { body } = renderHtml(report);
    expect(body).toContain('Not enough data');
    expect(body).toContain('first run');
    expect(body).not.toMatch(/undefined|NaN|\[object|null/);
  });
});
