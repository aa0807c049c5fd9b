import { describe, expect, test } from 'vitest';
import type { CheckResult, CheckStatus } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { diagnose, foundAny, type Judged, type Node, SYMPTOMS } from '../../lib/diagnosis/cause-tree.ts';
import { TREES } from '../../lib/diagnosis/diagnose-snapshot.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';

/** Every check passes, but for those named. */
function judged(named: Record<string, CheckStatus>, slowestPhase: Judged['slowestPhase'] = null): Judged {
  return {
    slowestPhase,
    check: (checkId) => {
      const status = named[checkId] ?? 'pass';
      const finding = { id: 'f', checkId } as CheckResult['findings'][number];
      return {
        checkId,
        area: 'capacity',
        title: checkId,
        status,
        summary: `${checkId} says ${status}.`,
        findings: status === 'warn' || status === 'fail' ? [finding] : [],
        evidence: [],
        recommendation: null,
        waived: [],
        partial: null,
      };
    },
  };
}

const asked = (symptom: (typeof SYMPTOMS)[number], facts: Judged) => {
  const { steps, end } = diagnose(symptom, TREES[symptom], facts);
  return { path: steps.map(({ ask, answer }) => `${ask} ${answer.is}`), end };
};

/** Every node of a tree, each once. */
function nodesOf(root: Node): Node[] {
  const seen = new Set<Node>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!('ask' in node)) continue;
    waiting.push(node.yes, node.no);
    if (node.unknown !== undefined && node.unknown !== 'measure') waiting.push(node.unknown);
  }
  return [...seen];
}

describe.each(SYMPTOMS)('the tree of %s', (symptom) => {
  const nodes = nodesOf(TREES[symptom]);

  test('every cause is a check of the catalogue, every question ends in a question mark, every end is a sentence', () => {
    const known = new Set<string>(CHECKS.map(({ id }) => id));
    for (const node of nodes) {
      if ('ask' in node) expect(node.ask).toMatch(/^[A-Z].*\?$/);
      else if (node.ends === 'cause') expect(node.cause).toMatch(/^[A-Z].*\.$/);
      else expect(node.look).toMatch(/^[A-Z].*\.$/);
    }
    const causes = nodes.flatMap((node) => ('ends' in node && node.ends === 'cause' ? (node.checkId ?? []) : []));
    expect(causes.filter((id) => !known.has(id))).toEqual([]);
  });

  test('without anything wrong it looks elsewhere, and names no cause', () => {
    expect(asked(symptom, judged({})).end.ends).toBe('elsewhere');
  });

  test('with nothing measured it says what to measure, and calls nothing healthy', () => {
    const blind = judged(Object.fromEntries(CHECKS.map(({ id }) => [id, 'no-data' as const])));
    const { end } = asked(symptom, blind);
    expect(end.ends).toBe('measure');
    if (end.ends === 'measure') expect(end.measure.length).toBeGreaterThan(0);
  });
});

describe('what AWS keeps to itself', () => {
  const hidden = (named: Record<string, CheckStatus>, ...affairs: CheckId[]): Judged => ({
    ...judged({ ...named, ...Object.fromEntries(affairs.map((id) => [id, 'no-data' as const])) }),
    isAwsAffair: (id) => affairs.includes(id),
  });

  test('is left out of the way, and rules nothing out', () => {
    const { steps, leftOut, end } = diagnose('throughput', TREES.throughput, hidden({}, 'cpu-high'));
    expect(steps.map(({ ask }) => ask)).not.toContain('Are the brokers short of CPU?');
    expect(leftOut).toEqual(['Are the brokers short of CPU?']);
    expect(end).toEqual({ ends: 'measure', measure: [] });
  });

  test('hides no cause behind it', () => {
    const { end } = diagnose('throughput', TREES.throughput, hidden({ 'throughput-near-limit': 'fail' }, 'cpu-high'));
    expect(end).toMatchObject({ ends: 'cause', checkId: 'throughput-near-limit' });
  });

  test('is not to be measured next, unlike what only was not read', () => {
    const { end } = diagnose('throughput', TREES.throughput, hidden({ 'batches-small': 'no-data' }, 'cpu-high'));
    expect(end).toMatchObject({ ends: 'measure', measure: [{ asks: ['Do producers send small batches?'] }] });
  });

  test('a question for several checks stays while one of them may look another time', () => {
    const answerOf = (facts: Judged) => foundAny('cpu-high', 'batches-small')(facts);
    expect(answerOf(hidden({ 'batches-small': 'no-data' }, 'cpu-high'))).not.toHaveProperty('isAwsAffair');
    expect(answerOf(hidden({}, 'cpu-high'))).toMatchObject({ is: 'unknown', isAwsAffair: true });
    expect(answerOf(hidden({ 'batches-small': 'warn' }, 'cpu-high')).is).toBe('yes');
  });
});

describe('latency', () => {
  test('requests wait for handlers because batches are small', () => {
    const facts = judged(
      { 'produce-latency-high': 'fail', 'batches-small': 'warn', 'cpu-high': 'fail' },
      { phase: 'queue', sharePercent: 71 },
    );
    expect(asked('latency', facts)).toEqual({
      path: [
        'Do brokers take long to answer producers? yes',
        'Are clients held back by quotas? no',
        'Does garbage collection free too little of the heap? no',
        'Is one broker slower than the others? no',
        'Do requests wait for a request handler? yes',
        'Do producers send small batches? yes',
      ],
      end: {
        ends: 'cause',
        checkId: 'batches-small',
        cause: 'Small batches keep the request handlers busy: each request costs the same, whatever it carries.',
      },
    });
  });

  test('the log is written slowly because every write is flushed, not because CPU is high too', () => {
    const facts = judged(
      { 'produce-latency-high': 'fail', 'flush-forced': 'fail', 'cpu-high': 'warn' },
      { phase: 'local', sharePercent: 55 },
    );
    expect(asked('latency', facts).end).toMatchObject({ checkId: 'flush-forced' });
  });

  test('a phase below its share decides nothing: the usual suspects are asked', () => {
    const facts = judged({ 'produce-latency-high': 'fail', 'cpu-high': 'fail' }, { phase: 'queue', sharePercent: 39 });
    const { path, end } = asked('latency', facts);
    expect(path).toContain('Do requests wait for a request handler? no');
    expect(end).toMatchObject({ checkId: 'cpu-high' });
  });

  test('without the phases the suspects are asked, and with none of them the phases are to be measured', () => {
    expect(asked('latency', judged({ 'produce-latency-high': 'fail', 'flush-forced': 'warn' })).end).toMatchObject({
      checkId: 'flush-forced',
    });
    expect(asked('latency', judged({ 'produce-latency-high': 'fail' })).end).toEqual({
      ends: 'measure',
      measure: [
        {
          because: 'Not measured: the phases of produce requests need the monitoring level PER_BROKER.',
          asks: ['Do requests wait for a request handler?'],
          checkIds: [],
        },
      ],
    });
  });

  test('whether producing is slow at all was not measured: nothing else is asked', () => {
    const { path, end } = asked('latency', judged({ 'produce-latency-high': 'no-data', 'cpu-high': 'fail' }));
    expect(path).toHaveLength(1);
    expect(end.ends).toBe('measure');
  });
});

describe('lag', () => {
  test('a group that nobody reads for is not told to add partitions', () => {
    const facts = judged({ 'consumer-stopped': 'fail', 'topic-underpartitioned': 'warn', 'cpu-high': 'fail' });
    expect(asked('lag', facts).end).toMatchObject({ checkId: 'consumer-stopped' });
  });

  test('steady reading with nothing that holds it: the processing is the limit', () => {
    const { end } = asked('lag', judged({ 'lag-growing': 'fail' }));
    expect(end.ends === 'elsewhere' && end.look).toMatch(/processing is the limit/);
  });

  test('a cause is named although another question had no answer', () => {
    const facts = judged({ 'lag-growing': 'fail', 'transaction-hanging': 'no-data', 'catch-up-capacity-low': 'warn' });
    expect(asked('lag', facts).end).toMatchObject({ checkId: 'catch-up-capacity-low' });
  });
});
