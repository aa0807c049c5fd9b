// What tests of renderers ask of what was rendered.
import type { Report } from '../../lib/report/report.ts';
import { renderTerminal } from '../../lib/report/terminal.ts';

export const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
export const terminal = (report: Report, color = false) => renderTerminal(report, { color, columns: 80 });
