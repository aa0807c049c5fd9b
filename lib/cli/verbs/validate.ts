// `msk-checkup validate <file>`: whether a policy or a snapshot would be taken.
import type { Command } from 'commander';
import { parsePolicy } from '../../policy/load-policy.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { EXIT } from '../errors.ts';
import type { Io } from '../io.ts';
import { readInput } from '../source.ts';

interface Problem {
  at: string;
  message: string;
}

export function addValidateCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('validate')
    .description('check a policy (msk-checkup.yaml) or a snapshot (JSON)')
    .argument('<file>', 'the file')
    .option('--json', 'as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const text = await readInput(file, 'file');
      const kind = isSnapshot(file, text) ? 'snapshot' : 'policy';
      const problems = kind === 'snapshot' ? snapshotProblems(text, file) : policyProblems(text, file);
      if (options.json === true)
        io.out(`${JSON.stringify({ file, kind, valid: problems.length === 0, problems }, null, 2)}\n`);
      else if (problems.length === 0) io.out(`${file}: a valid ${kind}\n`);
      for (const { at, message } of problems) io.err(`msk-checkup: ${at}: ${message}\n`);
      finish(problems.length === 0 ? EXIT.done : EXIT.usage);
    });
}

/** A policy may be JSON as well; only a snapshot has sections. A truncated one is known by its name or its beginning. */
function isSnapshot(file: string, text: string): boolean {
  return (
    /"schemaVersion"|"sections"/.test(text.slice(0, 2000)) || (file.endsWith('.json') && !text.includes('"version"'))
  );
}

function snapshotProblems(text: string, file: string): Problem[] {
  const loaded = loadSnapshot(text);
  return loaded.ok ? [] : [{ at: file, message: loaded.message }];
}

function policyProblems(text: string, file: string): readonly Problem[] {
  const parsed = parsePolicy(text, file, Date.now());
  return parsed.ok ? [] : parsed.errors.map(({ at, message }) => ({ at, message }));
}
