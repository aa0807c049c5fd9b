// `msk-checkup report`: read or replay, judge, write the files, show the summary.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { SEVERITIES, type Severity } from '../../checks/check.ts';
import { clusterIdentityOf, clusterNameOf } from '../../checks/run-context.ts';
import { type ArtifactFormat, judge, renderArtifacts } from '../../checkup.ts';
import type { RunRecord } from '../../history/history.ts';
import { runRecordOf } from '../../history/record.ts';
import { ENVIRONMENTS, GOALS } from '../../policy/environment.ts';
import type { SamplingPolicy } from '../../policy/policy.ts';
import { checkDirectory, checkFile, DirectoryStore, type OutputFile, writeFiles } from '../../publish/directory.ts';
import { latestKey } from '../../publish/keys.ts';
import { loadPreviousRun } from '../../publish/previous-run.ts';
import { renderJson } from '../../report/json.ts';
import type { Report } from '../../report/report.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { readCliSettings } from '../../settings.ts';
import { redactSnapshot } from '../../snapshot/redact.ts';
import { saveSnapshot } from '../../snapshot/save.ts';
import type { Snapshot } from '../../snapshot/schema.ts';
import { TOOL_VERSION } from '../../version.ts';
import { EXIT } from '../errors.ts';
import type { Io } from '../io.ts';
import { historyDirectory, listOf, oneOf } from '../parse.ts';
import { type PolicyChoices, policyOf, readPolicyFile } from '../policy-file.ts';
import { addLiveSourceOptions, checkSource, readSnapshotFile, type SourceOptions } from '../source.ts';

const FORMATS = ['html', 'email', 'json', 'terminal'] as const;
const DEFAULT_OUT = './msk-checkup-report';
const FAIL_ON = ['critical', 'high', 'medium', 'low', 'never'] as const;

interface ReportOptions extends SourceOptions, PolicyChoices {
  history?: string;
  policy?: string;
  format?: (typeof FORMATS)[number][];
  out?: string;
  json?: boolean;
  record?: string;
  failOn: (typeof FAIL_ON)[number];
}

/** `finish` takes the exit code. */
export function addReportCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const command = program.command('report').description('read a cluster, judge it and write the report');
  addLiveSourceOptions(command)
    .option('--snapshot <file>', 'recorded snapshot to judge instead of reading a cluster')
    .option('--history <dir>', 'directory with the earlier runs; this run is added', historyDirectory)
    .option('--policy <file>', 'your thresholds (msk-checkup.yaml)')
    .option('--environment <name>', ENVIRONMENTS.join(', '), oneOf(ENVIRONMENTS))
    .option('--goal <name>', GOALS.join(', '), oneOf(GOALS))
    .option('--format <list>', `what to write: ${FORMATS.join(',')} (default all)`, listOf(FORMATS))
    .option('--out <dir>', `where to write it (default ${DEFAULT_OUT})`)
    .option('--json', 'print the report as JSON; files are written only with --out')
    .option('--record <file>', 'keep the snapshot, redacted, to replay it with --snapshot')
    .option(
      '--fail-on <severity>',
      `exit with 1 at findings of this severity or worse: ${FAIL_ON.join(', ')}`,
      oneOf(FAIL_ON),
      'never',
    )
    .action(async (options: ReportOptions) => finish(await runReport(options, io)));
}

async function runReport(options: ReportOptions, io: Io): Promise<number> {
  checkSource(options, ['cluster', 'bootstrap', 'snapshot']);
  const overrides = await readPolicyFile(options.policy);
  const out = options.out ?? (options.json === true ? null : DEFAULT_OUT);
  // Before two minutes of reading, not after.
  for (const directory of [out, options.history]) if (directory) await checkDirectory(directory);
  if (options.record !== undefined) await checkFile(options.record);
  const snapshot = await takeSnapshot(options, policyOf(overrides, options, null).sampling, io);
  const history = options.history === undefined ? null : new DirectoryStore(options.history);
  const key = latestKey(keyOf(snapshot));
  const previous = history === null ? { record: null, notice: null } : await loadPreviousRun(history, key);
  const redacted = saveSnapshot(redactSnapshot(snapshot));
  const report = judge({
    snapshot,
    policy: policyOf(overrides, options, snapshot),
    previous: previous.record,
    runId: runIdOf(redacted),
    toolVersion: TOOL_VERSION,
    notices: previous.notice === null ? [] : [previous.notice],
  });
  io.signal.throwIfAborted();
  const files = out === null ? [] : filesOf(report, options, out, redacted);
  if (options.record !== undefined) files.push({ path: options.record, body: redacted });
  const kept = history === null ? [] : [{ path: history.pathOf(key), body: recordText(report, previous.record) }];
  // One step: a full disk under any of them must leave none.
  await writeFiles([...files, ...kept]);
  const paths = files.map(({ path }) => path);
  show(report, paths, options, io);
  return exceeds(report, options.failOn) ? EXIT.findings : EXIT.done;
}

async function takeSnapshot(options: ReportOptions, sampling: SamplingPolicy, io: Io): Promise<Snapshot> {
  if (options.snapshot === undefined) {
    // A replay need not load what speaks to clusters.
    const { collectLive } = await import('../collect.ts');
    return await collectLive(options, sampling, readCliSettings(), io);
  }
  const snapshot = await readSnapshotFile(options.snapshot);
  return options.now === undefined ? snapshot : { ...snapshot, takenAtMs: options.now };
}

/** The same snapshot has the same id, so that a replay gives the same bytes. */
function runIdOf(snapshotText: string): string {
  const hex = createHash('sha256').update(snapshotText).digest('hex');
  return `manual-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
}

function keyOf(snapshot: Snapshot) {
  const [, , , region, accountId] = snapshot.target.kind === 'msk' ? snapshot.target.clusterArn.split(':') : [];
  return {
    name: clusterNameOf(snapshot),
    identity: clusterIdentityOf(snapshot),
    accountId: accountId ?? null,
    region: region ?? null,
  };
}

function filesOf(report: Report, options: ReportOptions, out: string, redacted: string): OutputFile[] {
  const chosen: readonly (typeof FORMATS)[number][] = options.format ?? FORMATS;
  const wanted = chosen.filter((format): format is ArtifactFormat => format !== 'terminal');
  return [...renderArtifacts(report, wanted), { name: 'snapshot.json', body: redacted }].map(({ name, body }) => ({
    path: join(out, name),
    body,
  }));
}

function recordText(report: Report, previous: RunRecord | null): string {
  return `${JSON.stringify(runRecordOf(report, previous))}\n`;
}

function show(report: Report, paths: readonly string[], options: ReportOptions, io: Io): void {
  if (options.json === true) {
    io.out(renderJson(report).body);
    for (const path of paths) io.err(`wrote ${path}\n`);
    return;
  }
  if (options.format === undefined || options.format.includes('terminal')) {
    io.out(`${renderTerminal(report, { color: io.color, columns: io.columns }).trimEnd()}\n\n`);
  }
  for (const path of paths) io.out(`${path}\n`);
}

function exceeds(report: Report, failOn: ReportOptions['failOn']): boolean {
  if (failOn === 'never') return false;
  const worstFirst: readonly Severity[] = SEVERITIES;
  return worstFirst.slice(0, worstFirst.indexOf(failOn) + 1).some((severity) => report.counts[severity] > 0);
}
