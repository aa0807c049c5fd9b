// SARIF 2.1.0 for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
import type { Severity } from '../../checks/check.ts';
import { shortHash } from '../../text/hash.ts';
import type { LintedFile, LintFinding, LintReport } from '../lint-types.ts';
import { LINT_RULES } from '../rules/registry.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
const INDEX = new Map(LINT_RULES.map(({ id }, index) => [id, index]));

/** @param toolVersion of msk-checkup */
export function renderSarif(report: LintReport, toolVersion: string): string {
  const run = {
    tool: { driver: driver(report, toolVersion) },
    invocations: [{ executionSuccessful: true }],
    columnKind: 'utf16CodeUnits',
    artifacts: report.files.map(({ path }) => ({ location: { uri: uriOf(path) } })),
    results: report.files.flatMap((file, index) => resultsOf(file, index)),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function driver({ environment }: LintReport, version: string) {
  return {
    name: 'msk-checkup lint',
    version,
    rules: LINT_RULES.map(({ id, what, why, right, reference, severity }) => ({
      id,
      shortDescription: { text: what },
      fullDescription: { text: `${what}: ${why}.` },
      help: { text: `Right: ${right}. See ${reference}` },
      helpUri: reference,
      defaultConfiguration: { level: LEVELS[severity[environment]] },
    })),
  };
}

function resultsOf(file: LintedFile, index: number) {
  const seen = new Map<string, number>();
  return file.findings.map((finding) => {
    const identity = `${finding.ruleId}|${file.path}|${finding.key ?? ''}`;
    const nth = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, nth);
    return resultOf(finding, file.path, index, shortHash(`${identity}|${nth}`));
  });
}

/** The fingerprint leaves the line out: a finding that moves with its line is the same one. */
function resultOf(finding: LintFinding, path: string, index: number, fingerprint: string) {
  const { ruleId, severity, message, right, why, line: startLine, column: startColumn, endColumn } = finding;
  return {
    ruleId,
    ruleIndex: INDEX.get(ruleId)!,
    level: LEVELS[severity],
    message: { text: `${message}. Right: ${right}. Why: ${why}.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path), index },
          region: { startLine, startColumn, endColumn },
        },
      },
    ],
    partialFingerprints: { 'mskCheckupLint/v1': fingerprint },
    properties: { severity },
  };
}

/** A path as a URI reference: relative as it was named, absolute with its scheme. */
function uriOf(path: string): string {
  if (path === '-') return 'stdin';
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded.replace(/^(?:\.\/)+/, '');
}
