// A cause tree: the questions an experienced engineer asks of a symptom, in their order, answered from one cluster's judged snapshot. It
// ends at a cause, or at what has to be measured before anybody can say.
import type { PhaseName } from '../analysis/request-times.ts';
import type { CheckResult } from '../checks/check.ts';
import type { CheckId } from '../policy/thresholds/index.ts';

export const SYMPTOMS = ['latency', 'throughput', 'loss', 'lag'] as const;
export type Symptom = (typeof SYMPTOMS)[number];

/** What the questions may be answered from. */
export interface Judged {
  check: (id: CheckId) => CheckResult;
  /** Whether nobody but AWS can ever answer it of such a cluster; absent: no check is. */
  isAwsAffair?: (id: CheckId) => boolean;
  /** The phase that takes most of the slowest broker's produce time; null when the phases were not measured. */
  slowestPhase: { phase: PhaseName; sharePercent: number } | null;
}

export type Answer =
  | { is: 'yes' | 'no'; because: string }
  /** Nobody can tell from this snapshot; of an affair of AWS, from no snapshot of such a cluster. */
  | { is: 'unknown'; because: string; checkIds: readonly CheckId[]; isAwsAffair?: true };

export interface Cause {
  ends: 'cause';
  /** The check whose page and recommendation go on from here; null for a cause that no check stands for. */
  checkId: CheckId | null;
  /** One sentence. */
  cause: string;
}

/** The symptom is not there, or it is not the brokers': one sentence that says where to look instead. */
export interface Elsewhere {
  ends: 'elsewhere';
  look: string;
}

export interface Question {
  ask: string;
  answer: (judged: Judged) => Answer;
  yes: Node;
  no: Node;
  /** Where a question that cannot be answered leads: on to the next one, unless all that follows rests on it. */
  unknown?: Node | 'measure';
}

export type Node = Question | Cause | Elsewhere;

export interface Step {
  ask: string;
  answer: Answer;
}

export interface Diagnosis {
  symptom: Symptom;
  steps: readonly Step[];
  /** Questions of the way that were left out, because AWS keeps what would answer them to itself. */
  leftOut: readonly string[];
  end:
    | Cause
    | Elsewhere
    /** Nothing that could be seen explains it; these could not be. Empty: only what was left out. */
    | { ends: 'measure'; measure: readonly Unseen[] };
}

/** Questions that have no answer for one reason. */
export interface Unseen {
  because: string;
  asks: readonly string[];
  /** The checks that could not answer: what they read is what to collect. */
  checkIds: readonly CheckId[];
}

/**
 * Walks a tree from its first question. A question that cannot be answered is passed by, and remembered; that of an affair of AWS is left
 * out of what is told.
 */
export function diagnose(symptom: Symptom, root: Node, judged: Judged): Diagnosis {
  const steps: Step[] = [];
  const leftOut: string[] = [];
  const ending = (end: Diagnosis['end']): Diagnosis => ({ symptom, steps, leftOut, end });
  const measure = () => ending({ ends: 'measure', measure: unseen(steps) });
  let node = root;
  while ('ask' in node) {
    const answer = node.answer(judged);
    if (answer.is === 'unknown' && answer.isAwsAffair) leftOut.push(node.ask);
    else steps.push({ ask: node.ask, answer });
    if (answer.is === 'unknown') {
      if (node.unknown === 'measure') return measure();
      node = node.unknown ?? node.no;
    } else node = node[answer.is];
  }
  // That nothing was found is no answer while something was not looked at.
  const isOpen = leftOut.length > 0 || steps.some(({ answer }) => answer.is === 'unknown');
  return node.ends === 'elsewhere' && isOpen ? measure() : ending(node);
}

function unseen(steps: readonly Step[]): Unseen[] {
  const open = steps.flatMap(({ ask, answer }) => (answer.is === 'unknown' ? [{ ask, ...answer }] : []));
  return [...Map.groupBy(open, ({ because }) => because)].map(([because, all]) => ({
    because,
    asks: all.map(({ ask }) => ask),
    checkIds: all.flatMap(({ checkIds }) => checkIds),
  }));
}

/** Yes when the check found something, no when it looked and found nothing. */
export function found(id: CheckId): Question['answer'] {
  return ({ check, isAwsAffair }) => {
    const { status, findings, summary } = check(id);
    if (findings.length > 0) return { is: 'yes', because: summary };
    if (status === 'pass' || status === 'not-applicable') return { is: 'no', because: summary };
    return { is: 'unknown', because: summary, checkIds: [id], ...(isAwsAffair?.(id) ? { isAwsAffair: true } : {}) };
  };
}

/** Yes when one of the checks found something; unknown when none did and one could not look, first one that may look another time. */
export function foundAny(...ids: readonly [CheckId, ...CheckId[]]): Question['answer'] {
  return (judged) => {
    const answers = ids.map((id) => found(id)(judged));
    const open = answers.filter((answer) => answer.is === 'unknown');
    return answers.find(({ is }) => is === 'yes') ?? open.find((each) => !each.isAwsAffair) ?? open[0] ?? answers[0]!;
  };
}

/** Yes when this phase takes at least the share of the produce time. */
export function phaseTakes(phase: PhaseName, minSharePercent: number): Question['answer'] {
  return ({ slowestPhase }) => {
    if (slowestPhase === null) {
      return {
        is: 'unknown',
        because: 'Not measured: the phases of produce requests need the monitoring level PER_BROKER.',
        checkIds: [],
      };
    }
    const share = `${Math.round(slowestPhase.sharePercent)}% of it is ${PHASE_WORD[slowestPhase.phase]}.`;
    const isIt = slowestPhase.phase === phase && slowestPhase.sharePercent >= minSharePercent;
    return { is: isIt ? 'yes' : 'no', because: share };
  };
}

const PHASE_WORD: Readonly<Record<PhaseName, string>> = {
  queue: 'waiting for a request handler',
  local: 'writing to the log of the leader',
  remote: 'waiting for followers',
  responseQueue: 'waiting for a network thread',
  send: 'sending the answer',
};

/** Candidates in their order: the first whose check finds something is the cause; with none, on to the next node. */
export function firstOf(
  candidates: readonly (readonly [ask: string, id: CheckId, cause: string])[],
  otherwise: Node,
): Node {
  return candidates.reduceRight<Node>(
    (next, [ask, checkId, cause]) => ({
      ask,
      answer: found(checkId),
      yes: { ends: 'cause', checkId, cause },
      no: next,
    }),
    otherwise,
  );
}
