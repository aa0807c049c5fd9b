// The policy of one run: defaults of the environment and goal, with the user's single keys over them, and every difference named.
import { shortHash } from '../text/hash.ts';
import { DEFAULT_GOAL, DEFAULT_SAMPLING, defaultCheckThresholds, defaultLagPolicy } from './default-policy.ts';
import type { Chosen, Environment, Goal } from './environment.ts';
import type { Policy, SamplingPolicy } from './policy.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import type { PolicyOverrides } from './schema.ts';

export interface PolicySources {
  /** The user's file after `parsePolicy`, or null. */
  overrides: PolicyOverrides | null;
  /** The cluster's tags; null when they could not be read or there are none to read. */
  tags: Readonly<Record<string, string>> | null;
  clusterName: string;
  cliEnvironment?: Environment | undefined;
  cliGoal?: Goal | undefined;
  /** `--samples`, `--sample-interval`, `--read-data`, or the quick way of an on-demand call. */
  cliSampling?: Partial<SamplingPolicy> | undefined;
}

type Leaves = Record<string, number | boolean>;

export function resolvePolicy(sources: PolicySources): Policy {
  const { overrides } = sources;
  const environment = resolveEnvironment({
    cli: sources.cliEnvironment,
    policy: overrides?.environment,
    tags: sources.tags,
    clusterName: sources.clusterName,
  });
  const goal = resolveGoal(sources.cliGoal, overrides?.goal);
  const defaults = {
    sampling: DEFAULT_SAMPLING,
    lag: defaultLagPolicy(environment.value, goal.value),
    checks: defaultCheckThresholds(environment.value, goal.value),
  };
  const resolved = {
    sampling: merge(merge(defaults.sampling, overrides?.sampling), sources.cliSampling),
    lag: merge(defaults.lag, overrides?.lag),
    checks: Object.fromEntries(
      Object.entries(defaults.checks).map(([id, slice]) => [
        id,
        merge(slice, overrides?.checks?.[id as keyof typeof defaults.checks]),
      ]),
    ) as unknown as Policy['checks'],
  };
  return {
    environment,
    goal,
    ...resolved,
    overrides: differences(defaults, resolved),
    // The sentences that say why may change without a verdict changing: they stay out of the fingerprint.
    fingerprint: shortHash(stableJson({ environment: environment.value, goal: goal.value, ...resolved })),
  };
}

function resolveGoal(cli: Goal | undefined, policy: Goal | undefined): Chosen<Goal> {
  if (cli !== undefined) return { value: cli, because: `chosen for this run: ${cli}` };
  if (policy !== undefined) return { value: policy, because: `set in the policy: ${policy}` };
  return { value: DEFAULT_GOAL, because: `no option or policy names a goal: ${DEFAULT_GOAL}` };
}

function merge<T extends object>(base: T, over: object | undefined): T {
  const set = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}

function differences(
  defaults: Pick<Policy, 'sampling' | 'lag' | 'checks'>,
  resolved: Pick<Policy, 'sampling' | 'lag' | 'checks'>,
): string[] {
  const was = flatten(defaults);
  return Object.entries(flatten(resolved))
    .filter(([key, value]) => was[key] !== value)
    .map(([key, value]) => `${key}: ${value} (default ${was[key]})`);
}

function flatten(value: object, prefix = ''): Leaves {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]): [string, number | boolean][] =>
      typeof child === 'object' ? Object.entries(flatten(child, `${prefix}${key}.`)) : [[`${prefix}${key}`, child]],
    ),
  );
}

/** Keys in alphabetical order: the order of a user's file must not change the fingerprint. */
function stableJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${stableJson(child)}`).join(',')}}`;
}
