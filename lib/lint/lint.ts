// The lint as a whole: files in, findings out. Pure: reading files and writing results is the command's.
import { SEVERITIES, type Severity } from '../checks/check.ts';
import { safeLabel } from '../text/sanitize.ts';
import type {
  Block,
  Draft,
  LintContext,
  LintedFile,
  LintFinding,
  LintInput,
  LintOptions,
  LintReport,
  LintRule,
  Setting,
} from './lint-types.ts';
import { parseFile } from './parse/parse-file.ts';
import { recognise } from './parse/recognise.ts';
import { LINT_RULES } from './rules/registry.ts';

/**
 * Judges files one by one, and where they limit each other, together.
 * @throws LintInputError for the first file that cannot be read as a configuration
 */
export function lintFiles(inputs: readonly LintInput[], options: LintOptions): LintReport {
  const read = inputs.map((input) => {
    const { syntax, entries } = parseFile(input);
    return { path: input.path, syntax, ...recognise(input.path, syntax, entries, options) };
  });
  const blocks = read.flatMap((file) => file.blocks);
  const context: LintContext = { ...options, blocks };
  const secrets = secretsOf(blocks);
  const files = read.map(({ path, syntax, kind, library, because, blocks: own }): LintedFile => {
    const findings = own.flatMap((block) => LINT_RULES.flatMap((rule) => findingsOf(rule, block, context, secrets)));
    return { path, syntax, kind, library, because, findings: findings.sort(inOrder) };
  });
  const { environment, goal, clusterType } = options;
  return { environment, goal, clusterType, files, counts: countsOf(files) };
}

function findingsOf(rule: LintRule, block: Block, context: LintContext, secrets: readonly string[]): LintFinding[] {
  if (!rule.kinds.includes(block.kind)) return [];
  const seen = new Set<string>();
  return rule.find(block, context).flatMap((draft) => {
    const finding = asFinding(rule, draft, block, context, secrets);
    const identity = `${finding.line}:${finding.column}:${finding.message}`;
    if (seen.has(identity)) return [];
    seen.add(identity);
    return [finding];
  });
}

function asFinding(
  rule: LintRule,
  draft: Draft,
  block: Block,
  { environment }: LintContext,
  secrets: readonly string[],
): LintFinding {
  // What is not there is shown where the block begins.
  const { line, column, endColumn } = draft.at ?? block.settings[0] ?? { line: 1, column: 1, endColumn: 2 };
  const right = draft.right === undefined || draft.right === null || draft.right === '' ? rule.right : draft.right;
  return {
    ruleId: rule.id,
    severity: shifted(rule.severity[environment], draft.milderBy ?? 0),
    key: draft.at?.key ?? null,
    message: hidden(inBlock(draft.message, block), secrets),
    right: hidden(right, secrets),
    why: rule.why,
    reference: rule.reference,
    line,
    column,
    endColumn,
  };
}

/** A list of topics says of which one it speaks. */
function inBlock(message: string, { settings, label }: Block): string {
  const name = settings.find((each) => each.name === 'name')?.text ?? label;
  return name === '' || /^\d*$/.test(name) ? message : `${safeLabel(name, 60)}: ${message}`;
}

function shifted(severity: Severity, steps: number): Severity {
  return SEVERITIES[Math.max(0, Math.min(SEVERITIES.length - 1, SEVERITIES.indexOf(severity) + steps))]!;
}

function secretsOf(blocks: readonly Block[]): string[] {
  const texts = blocks.flatMap(({ settings }) =>
    settings.flatMap((each: Setting) => (each.isSecret ? [each.text] : [])),
  );
  // Shorter ones would cut holes into ordinary words; none of the rules prints any of them.
  return texts.filter((text) => text.length >= 6);
}

/** The last door: whatever a rule has put into a sentence, a secret does not pass. */
function hidden(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '(not shown)'), text);
}

function inOrder(a: LintFinding, b: LintFinding): number {
  return a.line - b.line || a.column - b.column || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function countsOf(files: readonly LintedFile[]): Record<Severity, number> {
  const all = files.flatMap(({ findings }) => findings);
  return Object.fromEntries(
    SEVERITIES.map((severity) => [severity, all.filter((finding) => finding.severity === severity).length]),
  ) as Record<Severity, number>;
}
