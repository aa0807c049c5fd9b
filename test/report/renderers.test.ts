import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { emailSubject, renderEmailText } from '../../lib/report/email-text.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { renderJson } from '../../lib/report/json.ts';
import type { Report, ReportBill } from '../../lib/report/report.ts';
import { renderSnsMessage } from '../../lib/report/sns-message.ts';
import { summaryOf } from '../../lib/report/summary.ts';
import { renderTerminal } from '../../lib/report/terminal.ts';
import { NO_COMMAND } from '../../lib/report/words.ts';
import { renderCommand } from '../../lib/text/command.ts';
import { aCheck, aFinding, aHostileReport, aReport, HOSTILE_NAMES, NO_FIGURES, NOW } from './a-report.ts';

const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
const terminal = (report: Report, color = false) => renderTerminal(report, { color, columns: 80 });

/** Controls other than the line break, bidi, zero width, lone surrogates. */
const UNSAFE = /(?!\n)\p{Cc}|[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/u;

const RENDERERS: Record<string, (report: Report) => string> = {
  html: (report) => renderHtml(report).body,
  email: (report) => renderEmailText(report).body,
  subject: emailSubject,
  json: (report) => renderJson(report).body,
  terminal: (report) => terminal(report),
  sns: (report) => renderSnsMessage(report).message,
  summary: (report) => JSON.stringify(summaryOf(report)),
};

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

describe('every renderer', () => {
  test.each(Object.entries(RENDERERS))('%s gives the same bytes twice and leaves the report as it was', (_, render) => {
    const report = aReport();
    const before = JSON.stringify(report);
    expect(render(report)).toBe(render(JSON.parse(before) as Report));
    expect(JSON.stringify(report)).toBe(before);
  });

  test.each(Object.entries(RENDERERS))(
    '%s is free of hidden and moving characters whatever names a cluster holds',
    (_, render) => {
      for (const name of HOSTILE_NAMES) expect(render(aHostileReport(name)), JSON.stringify(name)).not.toMatch(UNSAFE);
    },
  );
});

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
      changes: { previous: null, new: [], worse: [], persisting: [], resolved: [], notRechecked: [], causes: [] },
      scorecard: { ...aReport().scorecard, score: null, uncapped: null, kpis: [], categories: [], caps: [] },
      cost: { usdPerMonth: null, complete: false, lines: [], source: 'no prices', asOfDate: null },
    });
    const { body } = renderHtml(report);
    expect(body).toContain('Not enough data');
    expect(body).toContain('first run');
    expect(body).not.toMatch(/undefined|NaN|\[object|null/);
  });
});

describe('commands', () => {
  test('what a shell reads from any printed command is exactly the arguments that were meant', () => {
    for (const name of HOSTILE_NAMES) {
      const command = { purpose: '', effect: 'read' as const, argv: ['printf', '%s\\n', `x${name}`, name] };
      const line = renderCommand(command);
      if (line === null) continue;
      expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }), line).toBe(`x${name}\n${name}\n`);
    }
  });

  test('a name that is not printable gets no command, in any renderer', () => {
    const report = aHostileReport('two\nlines');
    expect(terminal(report)).toContain(NO_COMMAND);
    expect(renderHtml(report).body).toContain(NO_COMMAND);
    expect(renderEmailText(report).body).toContain(NO_COMMAND);
    for (const name of ['two\nlines', '\u001b[31mred', 'abc\u202egnp']) {
      expect(terminal(aHostileReport(name))).not.toContain('kafka-consumer-groups.sh');
    }
  });
});

describe('email', () => {
  test('is ASCII, at most 60 kB, and no name is a live link', () => {
    for (const name of HOSTILE_NAMES) {
      const { body } = renderEmailText(aHostileReport(name));
      expect(body.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
      expect(body).not.toMatch(/http|www\.|:\/\/|javascript:/i);
    }
    const gaps = Array.from({ length: 3_000 }, () => ({ ...aReport().gaps[0]!, fix: 'x'.repeat(500) }));
    const changes = { ...aReport().changes, causes: Array.from({ length: 2_000 }, () => 'y'.repeat(300)) };
    expect(bytes(renderEmailText(aReport({ gaps, changes })).body)).toBeLessThanOrEqual(60_000);
  });

  test('subject: one ASCII line of at most 100 characters that carries verdict, score and counts', () => {
    expect(emailSubject(aReport())).toBe(
      '[orders-prod] Act now 69 (-6): 1 critical, 1 high, 2 medium; 1 new, 1 worse, 1 resolved',
    );
    for (const name of HOSTILE_NAMES) expect(emailSubject(aHostileReport(name))).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  test('names the place of the whole report when it is known', () => {
    expect(renderEmailText(aReport(), { location: 's3://bucket/report.html' }).body).toContain(
      'Whole report: s3://bucket/report.html',
    );
  });
});

describe('json', () => {
  test('parses back to the report, raw names included', () => {
    for (const name of HOSTILE_NAMES) {
      const report = aHostileReport(name);
      expect(JSON.parse(renderJson(report).body)).toEqual(report);
    }
  });
});

describe('what is to be done about missing knowledge', () => {
  const fix = `Allow ${'x'.repeat(900)} on * for the caller`;
  const report = aReport({ gaps: [{ ...aReport().gaps[0]!, reason: 'unreachable', fix }], missingPermissions: [] });

  test('is never cut, in mail or terminal', () => {
    expect(renderEmailText(report).body.replaceAll(/\s+/g, ' ')).toContain(fix);
    expect(terminal(report).replaceAll(/\s+/g, ' ')).toContain(fix);
  });

  test('stands once: at the top where the whole run is worse for it, else with its gap', () => {
    const degraded = [`CloudWatch was not read. To mend it: ${fix}`];
    for (const text of [terminal({ ...report, degraded }), renderEmailText({ ...report, degraded }).body])
      expect(text.replaceAll(/\s+/g, ' ').match(/x{900}/g)).toHaveLength(1);
  });

  test('a run that is degraded says so at the top of the terminal', () => {
    expect(terminal(aReport()).split('\n').slice(0, 6).join('\n')).toContain('Degraded: CloudWatch was not read');
  });
});

describe('terminal', () => {
  test('a command says what it does: it may be a later step than the one the action begins with, and delete records', () => {
    const { command, ...action } = aReport().actions[0]!;
    const purpose = 'Keep orders for a week; older records are deleted for good';
    const text = terminal(aReport({ actions: [{ ...action, command: { ...command!, purpose } }] }));
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`${purpose} (changes the cluster): aws kafka`);
  });

  test('settings of clients are whole, and those that do not fit are counted', () => {
    const text = terminal(aReport());
    const block = text.slice(text.indexOf('To set at the clients:'), text.indexOf('Could not be measured'));
    expect(block).toMatch(/1 of 11/);
    expect(block).toContain('compression.type=zstd');
    expect(block).not.toContain('...');
  });

  test('fits a screen when lines are counted as a terminal wraps them at 120 columns', () => {
    const rows = (text: string) =>
      text.split('\n').reduce((total, line) => total + Math.max(1, Math.ceil(line.length / 120)), 0);
    expect(rows(renderTerminal(aReport(), { color: false, columns: 120 }))).toBeLessThanOrEqual(45);
  });

  test('verdict, score, what is new, actions with the whole command, what could not be measured', () => {
    const text = terminal(aReport());
    expect(text).toContain('ACT NOW  score 69/100 (-6), 87% assessed  1 critical, 1 high, 2 medium');
    expect(text).toContain('new    critical  broker 2, 93.4% (limit 90%): Disks nearly full');
    expect(text).toContain('\'[{"KafkaBrokerNodeId":"All","VolumeSizeGB":1500}]\'\n');
    expect(text).toContain('CloudWatch metrics: not permitted');
    expect(text).toContain('This run cost $0.0019: CloudWatch');
  });

  test('colours only when asked for', () => {
    expect(terminal(aReport())).not.toContain('\u001b');
    expect(terminal(aReport(), true)).toContain('\u001b[');
  });
});

describe('sns', () => {
  test('a JSON message with a default, a mail and a summary for programs, within 200 kB', () => {
    for (const name of ['harmless', ...HOSTILE_NAMES]) {
      const sent = renderSnsMessage(aHostileReport(name));
      expect(bytes(sent.message)).toBeLessThanOrEqual(200_000);
      const parts = JSON.parse(sent.message) as Record<string, string>;
      expect(Object.keys(parts)).toEqual(['default', 'email', 'sqs', 'lambda', 'http', 'https']);
      expect(JSON.parse(parts.sqs ?? '')).toMatchObject({ kind: 'cluster', verdict: 'fail', runId: '20260105T0615Z' });
      expect(Object.values(sent.attributes).every((value) => /^[\x20-\x7e]+$/.test(value))).toBe(true);
    }
  });

  test('attributes route the message; what is unknown is left out', () => {
    expect(renderSnsMessage(aReport()).attributes).toEqual({
      kind: 'cluster',
      severity: 'critical',
      cluster: 'orders-prod',
      account: '123456789012',
      owner: 'payments-platform',
      verdict: 'fail',
      runId: '20260105T0615Z',
    });
    const plain = aReport({
      cluster: { ...aReport().cluster, accountId: null, owner: null },
      counts: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    });
    expect(Object.keys(renderSnsMessage(plain).attributes)).toEqual([
      'kind',
      'severity',
      'cluster',
      'verdict',
      'runId',
    ]);
    expect(renderSnsMessage(plain).attributes.severity).toBe('none');
  });
});

test('summary: the fields of the Lambda reply', () => {
  expect(summaryOf(aReport())).toMatchObject({
    runId: '20260105T0615Z',
    verdict: 'fail',
    score: 69,
    coverage: 0.874,
    counts: { critical: 1, high: 1, medium: 2, low: 0, info: 0 },
    changes: { new: 1, worse: 1, resolved: 1, notRechecked: 1 },
  });
  expect(summaryOf(aReport()).topFindings.map(({ checkId, usdPerMonth }) => [checkId, usdPerMonth])).toEqual([
    ['disk-used-high', -165],
    ['consumer-stalled', null],
    ['min-isr-equal-rf', null],
  ]);
  expect(NOW).toBe(aReport().takenAtMs);
});
