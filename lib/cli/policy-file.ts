// The user's policy on the command line, and the policy of one run.
import { clusterNameOf } from '../checks/run-context.ts';
import type { Environment, Goal } from '../policy/environment.ts';
import { parsePolicy } from '../policy/load-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { resolvePolicy } from '../policy/resolve-policy.ts';
import type { PolicyOverrides } from '../policy/schema.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import { UsageError } from './errors.ts';
import { readInput } from './source.ts';

export interface PolicyChoices {
  environment?: Environment;
  goal?: Goal;
  samples?: number;
  sampleInterval?: number;
  readData?: boolean;
  openMonitoring?: boolean;
}

/** @throws UsageError with place, finding and what is allowed */
export async function readPolicyFile(path: string | undefined): Promise<PolicyOverrides | null> {
  if (path === undefined) return null;
  const parsed = parsePolicy(await readInput(path, 'policy'), path);
  if (parsed.ok) return parsed.overrides;
  const [first, ...more] = parsed.errors;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more: msk-checkup validate ${path})`;
  throw new UsageError(`${first?.at}: ${first?.message}${rest}`);
}

/** @param snapshot null before anything was read: sampling does not depend on the cluster */
export function policyOf(overrides: PolicyOverrides | null, choices: PolicyChoices, snapshot: Snapshot | null): Policy {
  const tags = snapshot?.sections.tags;
  return resolvePolicy({
    overrides,
    tags: tags?.ok === true ? tags.value : null,
    clusterName: snapshot === null ? '' : clusterNameOf(snapshot),
    cliEnvironment: choices.environment,
    cliGoal: choices.goal,
    cliSampling: {
      samples: choices.samples,
      intervalSec: choices.sampleInterval,
      readData: choices.readData,
      openMonitoring: choices.openMonitoring,
    },
  });
}
