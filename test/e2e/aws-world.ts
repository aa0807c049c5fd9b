// The command line beside a real cluster and the emulated AWS: one sandbox for the tests of a file, a new working folder for each of them.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { SandboxAws } from '../../sandbox/aws/aws.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type Outcome, SECRET, Workplace } from './command-line.ts';

export interface AwsWorld {
  sandbox: Sandbox;
  aws: SandboxAws;
  /** What the command line needs to reach it; the secret key must never show. */
  env: Record<string, string>;
  place: Workplace;
  /** Arguments: `report` of the sandbox's cluster, one look at the offsets. */
  live: (...more: string[]) => string[];
  /** Runs these. */
  run: (...more: string[]) => Promise<Outcome>;
}

/** To be called in a `describe`. */
export function anAwsWorld(): () => AwsWorld {
  let sandbox: Sandbox;
  let place: Workplace;
  beforeAll(async () => {
    sandbox = await startSandbox({ kafka: '4.3.1', profile: 'idle', aws: true, log: () => {} });
  });
  afterAll(async () => {
    await sandbox?.stop();
  });
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => {
    sandbox.aws!.clearFaults();
    place.remove();
  });
  return () => {
    const aws = sandbox.aws!;
    const env = { ...aws.env, AWS_SECRET_ACCESS_KEY: SECRET };
    const live = (...more: string[]) => ['report', '--cluster', aws.clusterArn, '--samples', '1', ...more];
    return { sandbox, aws, env, place, live, run: (...more) => place.run(live(...more), env) };
  };
}
