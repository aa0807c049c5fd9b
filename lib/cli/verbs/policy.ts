// `msk-checkup policy init` and `policy diff`: a documented file to start from, and what a file changes.
import { type Command, Option } from 'commander';
import { differencesOf } from '../../policy/differences.ts';
import { ENVIRONMENTS, type Environment, GOALS, type Goal } from '../../policy/environment.ts';
import type { Policy } from '../../policy/policy.ts';
import { resolvePolicy } from '../../policy/resolve-policy.ts';
import { policyTemplate } from '../../policy/template.ts';
import { EXIT } from '../errors.ts';
import type { Io } from '../io.ts';
import { readPolicyFile } from '../policy-file.ts';

interface Choice {
  environment?: Environment;
  goal?: Goal;
  json?: boolean;
}

export function addPolicyCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const policy = program.command('policy').description('write a documented policy file, or show what one changes');
  choices(policy.command('init'))
    .description('print a policy file with every threshold, its default and its reason')
    .action(({ environment = 'production', goal = 'balanced' }: Choice) => {
      io.out(policyTemplate(environment, goal));
      finish(EXIT.done);
    });
  choices(policy.command('diff'))
    .description('show each value in which a policy file differs from the defaults, or from a second file')
    .argument('<file>', 'the policy')
    .argument('[other]', 'the policy to compare with, in place of the defaults')
    .option('--json', 'as JSON')
    .action(async (file: string, other: string | undefined, choice: Choice) => {
      const [to, from] = [await resolved(file, choice), await resolved(other, choice)];
      const lines = differencesOf(from, to);
      const against = other ?? 'the defaults';
      if (choice.json === true) io.out(`${JSON.stringify({ file, against, differences: lines }, null, 2)}\n`);
      else if (lines.length === 0) io.out(`${file}: the same as ${against}\n`);
      else
        io.out(
          lines.map(({ key, from: was, to: is }) => `${key}: ${is ?? 'not set'} (was ${was ?? 'not set'})\n`).join(''),
        );
      finish(EXIT.done);
    });
}

function choices(command: Command): Command {
  return command
    .addOption(new Option('--environment <environment>', 'for this environment').choices(ENVIRONMENTS))
    .addOption(new Option('--goal <goal>', 'for this goal').choices(GOALS));
}

async function resolved(file: string | undefined, { environment, goal }: Choice): Promise<Policy> {
  const overrides = await readPolicyFile(file);
  return resolvePolicy({ overrides, tags: null, clusterName: '', cliEnvironment: environment, cliGoal: goal });
}
