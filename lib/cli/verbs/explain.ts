// `msk-checkup explain`: the page of a check, or why a cluster shows a symptom.
import type { Command } from 'commander';
import type { Recommendation } from '../../checks/check.ts';
import { CHECKS } from '../../checks/registry.ts';
import { runChecks } from '../../checks/run-checks.ts';
import { clusterIdentityOf, clusterNameOf, runContextOf } from '../../checks/run-context.ts';
import {
  type Cause,
  type Diagnosis,
  type Elsewhere,
  SYMPTOMS,
  type Symptom,
  type Unseen,
} from '../../diagnosis/cause-tree.ts';
import { diagnoseSnapshot } from '../../diagnosis/diagnose-snapshot.ts';
import { ENVIRONMENTS, GOALS } from '../../policy/environment.ts';
import { commandLine } from '../../report/words.ts';
import type { SectionName, Snapshot } from '../../snapshot/schema.ts';
import { nearest } from '../../text/nearest.ts';
import { safeLabel, safeText } from '../../text/sanitize.ts';
import { formatTime, plural } from '../../text/units.ts';
import { wrap } from '../../text/wrap.ts';
import { readCheckPage } from '../check-pages.ts';
import { EXIT, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { oneOf } from '../parse.ts';
import { type PolicyChoices, policyOf, readPolicyFile } from '../policy-file.ts';
import { readSnapshotFile } from '../source.ts';

interface ExplainOptions extends Pick<PolicyChoices, 'environment' | 'goal'> {
  snapshot?: string;
  policy?: string;
  json?: boolean;
}

export function addExplainCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description(`show the page of a check, or why a cluster has a symptom (${SYMPTOMS.join(', ')})`)
    .argument('<what>', `id of a check, as \`msk-checkup checks\` lists it, or ${SYMPTOMS.join(', ')}`)
    .option('--snapshot <file>', 'recorded snapshot of the cluster: for a symptom')
    .option('--policy <file>', 'your thresholds (msk-checkup.yaml): for a symptom')
    .option('--environment <name>', ENVIRONMENTS.join(', '), oneOf(ENVIRONMENTS))
    .option('--goal <name>', GOALS.join(', '), oneOf(GOALS))
    .option('--json', 'as JSON')
    .action(async (what: string, options: ExplainOptions) => {
      const symptom = SYMPTOMS.find((known) => known === what);
      io.out(symptom === undefined ? explainCheck(what, options) : await explainSymptom(symptom, options));
      finish(EXIT.done);
    });
}

function explainCheck(id: string, { snapshot, json }: ExplainOptions): string {
  const check = CHECKS.find((known) => known.id === id);
  if (check === undefined) throw new UsageError(unknownCheck(id));
  if (snapshot !== undefined) {
    throw new UsageError(
      `--snapshot goes with a symptom (${SYMPTOMS.join(', ')}); the page of a check is for every cluster`,
    );
  }
  const page = readCheckPage(check.area, check.id) ?? '';
  const described = {
    id: check.id,
    area: check.area,
    title: check.title,
    why: check.why,
    references: check.references,
  };
  return json === true ? `${JSON.stringify({ ...described, page }, null, 2)}\n` : `${page.trimEnd()}\n`;
}

async function explainSymptom(symptom: Symptom, options: ExplainOptions): Promise<string> {
  if (options.snapshot === undefined) {
    throw new UsageError(
      `explain ${symptom} needs --snapshot <file>; \`msk-checkup collect --record <file>\` makes one`,
    );
  }
  const overrides = await readPolicyFile(options.policy);
  const snapshot = await readSnapshotFile(options.snapshot);
  const policy = policyOf(overrides, options, snapshot);
  const run = runContextOf(snapshot, policy);
  const results = runChecks({ snapshot, thresholds: policy.checks, run, clusterIdentity: clusterIdentityOf(snapshot) });
  const diagnosis = diagnoseSnapshot(symptom, snapshot, results, run);
  const { end } = diagnosis;
  const result = end.ends === 'cause' ? results.find(({ checkId }) => checkId === end.checkId) : undefined;
  const recommendation = result?.recommendation ?? null;
  if (options.json === true) return `${JSON.stringify({ ...diagnosis, recommendation }, null, 2)}\n`;
  const title = `${symptom} of ${safeLabel(clusterNameOf(snapshot))}, ${formatTime(snapshot.takenAtMs)}`;
  const lines = end.ends === 'measure' ? toMeasure(end.measure, snapshot) : ending(end, recommendation, diagnosis);
  return `${[title, ...steps(diagnosis), ...leftOut(diagnosis), '', ...lines].join('\n')}\n`;
}

const WIDTH = 100;
const block = (text: string, indent: number) =>
  wrap(safeText(text), WIDTH - indent).map((line) => ' '.repeat(indent) + line);

function steps({ steps: walked }: Diagnosis): string[] {
  const lines = walked.flatMap(({ ask, answer }, index) => [
    `${String(index + 1).padStart(2)}. ${ask} ${answer.is.toUpperCase()}`,
    ...block(answer.because, 4),
  ]);
  return lines.length === 0 ? [] : ['', ...lines];
}

function leftOut({ leftOut: { length } }: Diagnosis): string[] {
  if (length === 0) return [];
  const asked = plural(length, 'question about them is', 'questions about them are');
  return ['', ...block(`AWS runs the brokers of MSK Serverless and does not show them: ${asked} left out.`, 0)];
}

function ending(end: Cause | Elsewhere, recommendation: Recommendation | null, { steps: walked }: Diagnosis): string[] {
  if (end.ends === 'elsewhere') return ['Look elsewhere:', ...block(end.look, 4)];
  const first = recommendation?.commands[0];
  const open = walked.filter(({ answer }) => answer.is === 'unknown').map(({ ask }) => ask);
  return [
    'Cause:',
    ...block(end.cause, 4),
    ...(open.length === 0 ? [] : block(`Not ruled out before it, for want of data: ${open.join(' ')}`, 4)),
    ...(recommendation === null ? [] : ['What to do:', ...block(`${recommendation.action}.`, 4)]),
    ...(first === undefined
      ? []
      : [
          ...block(`${first.purpose} (${first.effect === 'change' ? 'changes the cluster' : 'only reads'}):`, 4),
          `    ${commandLine(first).text}`,
        ]),
    ...(end.checkId === null ? [] : [`More: msk-checkup explain ${end.checkId}`]),
  ];
}

/** Opted into by one flag. */
const READ_DATA: readonly SectionName[] = ['kafkaBatches', 'kafkaProducers'];
const FLAG = '--read-data';

/** What is missing, which questions that leaves open, and how to get it where the collection knew. */
function toMeasure(measure: readonly Unseen[], { sections }: Snapshot): string[] {
  const fixesOf = ({ because, checkIds: ids }: Unseen) => {
    const names = CHECKS.filter(({ id }) => ids.includes(id)).flatMap(({ needs, mayUse }) => [...needs, ...mayUse]);
    return new Set(
      names.flatMap((name) => {
        const section = sections[name];
        if (section?.ok === true) return [];
        if (READ_DATA.includes(name)) return because.includes(FLAG) ? [] : [`collect with ${FLAG}`];
        return section?.fix ?? [];
      }),
    );
  };
  if (measure.length === 0) return ['Nothing that is shown explains it: measure in the clients, and ask AWS Support.'];
  return [
    'Nothing that was measured explains it. To be measured next:',
    ...measure.flatMap((each) => [
      ...block(`- ${each.because.replace(/^Not measured: /, '')}`, 4),
      ...block(`would answer: ${each.asks.join(' ')}`, 6),
      ...[...fixesOf(each)].flatMap((fix) => block(`to mend it: ${fix}`, 6)),
    ]),
  ];
}

function unknownCheck(id: string): string {
  const ids = CHECKS.map(({ id: known }) => known);
  const wanted = id.toLowerCase();
  const meant = nearest(wanted, ids);
  // A few letters are in most of them, which is no answer.
  const parts = wanted.length < 3 ? [] : ids.filter((known) => known.includes(wanted) || wanted.includes(known));
  const near = parts.length > 0 ? parts : meant === null ? [] : [meant];
  const hint = near.length > 0 ? near.join(', ') : 'run msk-checkup checks for the list';
  return `there is no check ${JSON.stringify(id.slice(0, 80))}; ${near.length > 0 ? 'did you mean: ' : ''}${hint}`;
}
