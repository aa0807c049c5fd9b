// What holds for every report, whatever was on the cluster.
import { expect } from 'vitest';
import { renderArtifacts } from '../../../lib/checkup.ts';
import type { Report } from '../../../lib/report/report.ts';
import { renderSnsMessage } from '../../../lib/report/sns-message.ts';
import { renderTerminal } from '../../../lib/report/terminal.ts';
import type { Command } from '../../../lib/text/command.ts';

/** Every number of the report that is none, by its path. */
function brokenNumbers(value: unknown, path = 'report'): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} = ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => brokenNumbers(each, `${path}.${key}`));
}

/** Controls other than the line feed, and what turns the direction of the text around it. */
export function unprintable(text: string): string[] {
  return (text.match(/[\p{Cc}\p{Bidi_Control}]/gu) ?? []).filter((character) => character !== '\n');
}

export function commandsIn(value: unknown): Command[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'argv' in value && Array.isArray(value.argv) ? [value as Command] : [];
  return [...own, ...Object.values(value).flatMap(commandsIn)];
}

export function expectIntact(report: Report): void {
  expect(report.checks.filter(({ status }) => status === 'error').map(({ checkId }) => checkId)).toEqual([]);
  expect(brokenNumbers(report)).toEqual([]);
  for (const text of everyFormat(report)) expect(text).not.toMatch(/\b(NaN|Infinity|undefined|\[object)\b/);
}

export function everyFormat(report: Report): string[] {
  const sns = renderSnsMessage(report);
  const screen = renderTerminal(report, { color: false, columns: 100 });
  return [
    ...renderArtifacts(report, ['html', 'email', 'json']).map(({ body }) => body),
    screen,
    sns.subject,
    sns.message,
  ];
}
