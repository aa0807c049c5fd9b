import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { emailSubject, renderEmailText } from '../../lib/report/email-text.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { renderJson } from '../../lib/report/json.ts';
import type { Report } from '../../lib/report/report.ts';
import { renderSnsMessage } from '../../lib/report/sns-message.ts';
import { summaryOf } from '../../lib/report/summary.ts';
import { NO_COMMAND } from '../../lib/report/words.ts';
import { renderCommand } from '../../lib/text/command.ts';
import { NOW } from './a-check.ts';
import { aHostileReport, HOSTILE_NAMES } from './a-hostile-report.ts';
import { aReport } from './a-report.ts';
import { bytes, terminal } from './rendered.ts';

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
    changes: { new: 1, worse: 1, clearing: 1, resolved: 1, notRechecked: 1 },
  });
  expect(summaryOf(aReport()).topFindings.map(({ checkId, usdPerMonth }) => [checkId, usdPerMonth])).toEqual([
    ['disk-used-high', -165],
    ['consumer-stalled', null],
    ['min-isr-equal-rf', null],
  ]);
  expect(NOW).toBe(aReport().takenAtMs);
});
