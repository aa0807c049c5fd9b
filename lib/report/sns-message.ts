// What goes to the SNS topic: one line by default, the mail for people, the summary for programs, attributes for filters.

import { asciiText, safeLabel } from '../text/sanitize.ts';
import { type EmailOptions, emailSubject, renderEmailText } from './email-text.ts';
import { safeJson } from './json.ts';
import { type Report, SEVERITIES } from './report.ts';
import { summaryOf } from './summary.ts';

export interface SnsMessage {
  subject: string;
  /** For `MessageStructure: 'json'`; at most 200 kB in all. */
  message: string;
  /** String attributes; what is not known is left out, because SNS refuses empty values. */
  attributes: Readonly<Record<string, string>>;
}

/** `critical` to `info`, or `none`. */
export function worstSeverityOf(report: Report): string {
  return SEVERITIES.find((severity) => report.counts[severity] > 0) ?? 'none';
}

/** Attribute values as a filter policy can match them: printable ASCII, never empty. */
function attributesOf(report: Report): Record<string, string> {
  const { cluster } = report;
  const values = {
    kind: 'cluster',
    severity: worstSeverityOf(report),
    cluster: cluster.name,
    account: cluster.accountId,
    owner: cluster.owner,
    verdict: report.verdict,
    runId: report.runId,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === null || value === '' ? [] : [[key, asciiText(safeLabel(value))]],
    ),
  );
}

export function renderSnsMessage(report: Report, options: EmailOptions = {}): SnsMessage {
  const subject = emailSubject(report);
  const summary = safeJson({
    kind: 'cluster',
    cluster: safeLabel(report.cluster.name),
    ...summaryOf(report),
    location: options.location ?? null,
  });
  const message = safeJson({
    default: subject,
    email: renderEmailText(report, options).body,
    sqs: summary,
    lambda: summary,
    http: summary,
    https: summary,
  });
  return { subject, message, attributes: attributesOf(report) };
}
