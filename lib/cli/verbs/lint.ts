// `msk-checkup lint <file...>`: judges configurations of clients, topics and brokers, without a cluster.
import { text as textOf } from 'node:stream/consumers';
import { type Command, InvalidArgumentError } from 'commander';
import { SEVERITIES } from '../../checks/check.ts';
import { BROKER_SIZES } from '../../facts/broker-sizes.ts';
import { versionRank } from '../../facts/client-defaults.ts';
import { CLIENT_LIBRARIES, type ClientLibrary } from '../../facts/client-libraries.ts';
import { lintFiles } from '../../lint/lint.ts';
import {
  CLUSTER_TYPES,
  type ClusterType,
  LINT_KINDS,
  LintInputError,
  type LintKind,
  type LintOptions,
  type LintReport,
} from '../../lint/lint-types.ts';
import { renderLintJson } from '../../lint/render/json.ts';
import { renderSarif } from '../../lint/render/sarif.ts';
import { renderText, takenFor } from '../../lint/render/text.ts';
import { DEFAULT_ENVIRONMENT, DEFAULT_GOAL } from '../../policy/default-policy.ts';
import { ENVIRONMENTS, type Environment, GOALS, type Goal } from '../../policy/environment.ts';
import { TOOL_VERSION } from '../../version.ts';
import { EXIT, oneLine, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { oneOf } from '../parse.ts';
import { readInput } from '../source.ts';

const FORMATS = ['text', 'json', 'sarif'] as const;
const FAIL_ON = ['critical', 'high', 'medium', 'low', 'never'] as const;

interface CliOptions {
  environment: Environment;
  goal: Goal;
  kind?: LintKind;
  library?: ClientLibrary;
  clientVersion?: string;
  kafkaVersion?: string;
  instanceType?: string;
  format: (typeof FORMATS)[number];
  json?: boolean;
  failOn: (typeof FAIL_ON)[number];
}

export function addLintCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('lint')
    .description('judge configurations of clients, topics and brokers, without a cluster')
    .argument(
      '<file...>',
      'properties, JSON or YAML; - is standard input. Several files are also held against each other',
    )
    .option('--environment <name>', ENVIRONMENTS.join(', '), oneOf(ENVIRONMENTS), DEFAULT_ENVIRONMENT)
    .option('--goal <name>', GOALS.join(', '), oneOf(GOALS), DEFAULT_GOAL)
    .option(
      '--kind <kind>',
      `what the files configure, where that is not seen: ${LINT_KINDS.join(', ')}`,
      oneOf(LINT_KINDS),
    )
    .option('--library <name>', `client library, likewise: ${CLIENT_LIBRARIES.join(', ')}`, oneOf(CLIENT_LIBRARIES))
    .option('--client-version <version>', 'version of the client library: decides its defaults', version)
    .option('--kafka-version <version>', 'version of the brokers', version)
    .option(
      '--instance-type <type>',
      'brokers to judge for: kafka.m7g.4xlarge, express.m7g.large, ... or standard, express, serverless',
      instanceType,
    )
    .option('--format <format>', FORMATS.join(', '), oneOf(FORMATS), 'text')
    .option('--json', 'the same as --format json')
    .option(
      '--fail-on <severity>',
      `exit with 1 at findings of this severity or worse: ${FAIL_ON.join(', ')}`,
      oneOf(FAIL_ON),
      'never',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  msk-checkup lint producer.properties\n  msk-checkup lint --fail-on high --format sarif config/*.properties > lint.sarif\n' +
        '  kubectl get configmap orders -o jsonpath={.data.consumer} | msk-checkup lint --kind consumer -',
    )
    .action(async (files: string[], options: CliOptions) => {
      const report = judged(await readFiles(files), options);
      for (const file of report.files)
        io.err(`${oneLine(file.path)}: taken for ${takenFor(file)} (${oneLine(file.because)})\n`);
      io.out(rendered(report, options.json === true ? 'json' : options.format, io));
      finish(exceeds(report, options.failOn) ? EXIT.findings : EXIT.done);
    });
}

async function readFiles(paths: readonly string[]): Promise<{ path: string; text: string }[]> {
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new UsageError(`${oneLine(twice)} is named twice`);
  const files = [];
  for (const path of paths)
    files.push({ path, text: path === '-' ? await textOf(process.stdin) : await readInput(path, 'file') });
  return files;
}

function judged(files: readonly { path: string; text: string }[], options: CliOptions): LintReport {
  const { clusterType, instanceType: size } = clusterOf(options.instanceType);
  const lintOptions: LintOptions = {
    environment: options.environment,
    goal: options.goal,
    kind: options.kind ?? null,
    library: options.library ?? null,
    clientVersion: options.clientVersion ?? null,
    kafkaVersion: options.kafkaVersion ?? null,
    clusterType,
    instanceType: size,
  };
  try {
    return lintFiles(files, lintOptions);
  } catch (error) {
    if (error instanceof LintInputError) throw new UsageError(oneLine(error.message));
    throw error;
  }
}

function rendered(report: LintReport, format: CliOptions['format'], io: Io): string {
  if (format === 'json') return renderLintJson(report, TOOL_VERSION);
  return format === 'sarif' ? renderSarif(report, TOOL_VERSION) : renderText(report, io.columns);
}

function exceeds({ counts }: LintReport, failOn: CliOptions['failOn']): boolean {
  if (failOn === 'never') return false;
  return SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).some((severity) => counts[severity] > 0);
}

function version(text: string): string {
  if (versionRank(text) === null) throw new InvalidArgumentError('Allowed: a version like 3.9.1 or 4.1.');
  return text;
}

function instanceType(text: string): string {
  if (!Object.hasOwn(BROKER_SIZES, text) && !CLUSTER_TYPES.some((type) => type === text))
    throw new InvalidArgumentError(
      `Allowed: ${CLUSTER_TYPES.join(', ')}, or a broker size like kafka.m7g.4xlarge or express.m7g.large.`,
    );
  return text;
}

function clusterOf(text: string | undefined): { clusterType: ClusterType; instanceType: string | null } {
  const named = CLUSTER_TYPES.find((type) => type === text);
  if (text === undefined || named !== undefined) return { clusterType: named ?? 'standard', instanceType: null };
  return { clusterType: text.startsWith('express.') ? 'express' : 'standard', instanceType: text };
}
