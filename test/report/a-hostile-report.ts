// A report of a cluster whose every name is hostile.
import type { Report } from '../../lib/report/report.ts';
import { aCheck } from './a-check.ts';
import { aReport, someClientSettings } from './a-report.ts';

/** Names as an attacker who may join a group would choose them. */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<!channel> wake up',
  'two\nlines\r\nSubject: forged',
  'abc\u202egnp.exe\u2066',
  'zero\u200bwidth\ufeff',
  '; rm -rf ~',
  '$(touch /tmp/pwned)',
  '`id`',
  "it's",
  'x'.repeat(249),
  '=HYPERLINK("http://evil.example","click")',
  '[x](javascript:alert(1))',
  'http://evil.example/login',
  '\u{1f600}\u{1f468}\u200d\u{1f469}',
  '$& $1 $` ${name}',
  '--all-groups',
  '\ud800lone',
  '\u001b[31mred\u001b[0m',
  '%s %n {0} |pipe| *bold* _u_',
  '</pre></details><h1>',
  '\u05d0\u05d1\u05d2 right to left',
  '',
];

/** The report with every name from outside replaced by one hostile name. */
export function aHostileReport(name: string): Report {
  const report = aReport();
  const stalledCheck = report.checks[1] ?? aCheck();
  const command = {
    purpose: 'Look at the group once more',
    effect: 'read' as const,
    argv: [
      'kafka-consumer-groups.sh',
      '--bootstrap-server',
      { variable: 'BOOTSTRAP' as const },
      '--describe',
      '--group',
      name,
    ],
  };
  const recommendation = stalledCheck.recommendation;
  return aReport({
    headline: `Group ${name} has committed nothing for 2 min.`,
    cluster: { ...report.cluster, name, owner: name },
    environment: { value: 'production', because: `tag environment=${name}` },
    findings: report.findings.map((finding) => ({ ...finding, resource: name, note: name })),
    actions: report.actions.map((each) => ({ ...each, resource: name, command })),
    changes: {
      ...report.changes,
      clearing: report.changes.clearing.map((each) => ({ ...each, resource: name })),
      resolved: report.changes.resolved.map((each) => ({ ...each, resource: name })),
      notRechecked: report.changes.notRechecked.map((each) => ({ ...each, resource: name, because: name })),
    },
    checks: report.checks.map((check) => ({
      ...check,
      summary: `${check.summary} ${name}`,
      evidence: check.evidence.map((each) => ({
        ...each,
        rows: each.rows.map((row) => ({ ...row, broker: name, partition: name })),
      })),
      recommendation:
        check.recommendation === null || recommendation === null
          ? null
          : { ...recommendation, action: `Restart ${name}.`, commands: [command] },
    })),
    gaps: report.gaps.map((gap) => ({ ...gap, detail: name })),
    degraded: [name],
    notices: [name],
    topics: { rows: report.topics.rows.map((row) => ({ ...row, topic: name })), total: 2 },
    clientSettings: someClientSettings(name),
    groups: { rows: report.groups.rows.map((row) => ({ ...row, groupId: name, state: name })), total: 2 },
    brokers: { rows: report.brokers.rows.map((row) => ({ ...row, rack: name })), total: 3 },
    policy: { fingerprint: 'a1b2c3d4', overrides: [name] },
  });
}
