// `npm run check`: format, lint, types, import directions, unused code. All at once; the first lines of what failed, then exit 1.
import { spawn } from 'node:child_process';

interface Step {
  name: string;
  command: string;
  args: string[];
}

const STEPS: Step[] = [
  { name: 'format and lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  {
    name: 'types and import directions',
    command: 'oxlint',
    args: ['--type-aware', '--type-check', '--deny-warnings', '.'],
  },
  { name: 'unused code', command: 'knip', args: ['--no-progress'] },
];

interface Outcome {
  step: Step;
  passed: boolean;
  output: string;
  seconds: number;
}

function run(step: Step): Promise<Outcome> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const end = (passed: boolean) => resolve({ step, passed, output, seconds: (performance.now() - startedMs) / 1000 });
    child.on('error', (error) => {
      output += `${step.command} could not be started: ${error.message} (run \`npm ci\` first)`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

const outcomes = await Promise.all(STEPS.map(run));
for (const { step, passed, output, seconds } of outcomes) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${step.name} (${seconds.toFixed(1)} s)`);
  if (!passed) console.log(output.trimEnd());
}
process.exitCode = outcomes.every((outcome) => outcome.passed) ? 0 : 1;
