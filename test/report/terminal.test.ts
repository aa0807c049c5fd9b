import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../lib/report/terminal.ts';
import { aReport } from './a-report.ts';
import { terminal } from './rendered.ts';

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
