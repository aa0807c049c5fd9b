// The commands and how they end: every failure becomes one line and an exit code here.
import { Command } from 'commander';
import { discardUnfinished } from '../publish/directory.ts';
import { TOOL_VERSION } from '../version.ts';
import { EXIT, failureOf } from './errors.ts';
import type { Io } from './io.ts';
import { addChecksCommand } from './verbs/checks.ts';
import { addClustersCommand } from './verbs/clusters.ts';
import { addCollectCommand } from './verbs/collect.ts';
import { addExplainCommand } from './verbs/explain.ts';
import { addLintCommand } from './verbs/lint.ts';
import { addPolicyCommand } from './verbs/policy.ts';
import { addReportCommand } from './verbs/report.ts';
import { addValidateCommand } from './verbs/validate.ts';

/**
 * Runs one command line.
 * @param argv the arguments after the program's name
 * @returns the exit code of design §10
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    discardUnfinished();
    if (io.signal.aborted) return EXIT.interrupted;
    const failure = failureOf(error);
    if (failure.line !== null) io.err(`msk-checkup: ${failure.line}\n`);
    if (argv.includes('--debug') && error instanceof Error) io.err(`${error.stack}\n`);
    return failure.exitCode;
  }
}

function createProgram(io: Io, finish: (exitCode: number) => void): Command {
  const program = new Command('msk-checkup');
  program
    .description('The daily health, tuning and cost report for Amazon MSK')
    .version(TOOL_VERSION)
    .option('--debug', 'show the stack of an internal error')
    .showSuggestionAfterError();
  program.addHelpText(
    'after',
    '\nExamples:\n' +
      '  msk-checkup report --cluster arn:aws:kafka:eu-west-1:111122223333:cluster/orders/...\n' +
      '  msk-checkup report --bootstrap broker-1:9092 --out ./report\n' +
      '  msk-checkup report --snapshot snapshot.json --json\n' +
      '\nExit codes: 0 done, 1 findings at --fail-on, 2 wrong usage or input, 3 nothing could be read, 70 internal error, 130 interrupted',
  );
  addReportCommand(program, io, finish);
  addCollectCommand(program, io, finish);
  addClustersCommand(program, io, finish);
  addChecksCommand(program, io, finish);
  addExplainCommand(program, io, finish);
  addPolicyCommand(program, io, finish);
  addValidateCommand(program, io, finish);
  addLintCommand(program, io, finish);
  for (const command of [program, ...program.commands]) settle(command, io);
  return program;
}

/** Every command alike: errors are thrown, not exited on; one line of complaint, help on the result's stream. */
function settle(command: Command, io: Io): void {
  command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(`msk-checkup: ${text.replace(/^error: /, '').replace(/\n(?=\()/g, ' ')}`),
    });
  if (command.parent !== null) command.option('--debug', 'show the stack of an internal error');
}
