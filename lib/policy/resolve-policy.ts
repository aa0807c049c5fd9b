// The policy of one run: defaults of the environment and goal, with the user's single keys over them, and every difference named.
import { shortHash } from '../text/hash.ts';
import { DEFAULT_GOAL, DEFAULT_SAMPLING, defaultCheckThresholds, defaultLagPolicy } from './default-policy.ts';
import { differencesBetween } from './differences.ts';
import type { Chosen, Environment, Goal } from './environment.ts';
import type { PlannedWork, Waiver } from './objectives.ts';
import type { Policy, SamplingPolicy } from './policy.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import type { PolicyOverrides } from './schema.ts';
import type { CheckId } from './thresholds/index.ts';
import { resolveWeights } from './weights.ts';

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
    weights: resolveWeights(environment.value, goal.value),
    checks: defaultCheckThresholds(environment.value, goal.value),
  };
  // The narrower word wins: for all, for the goal, for the environment.
  const layers = [
    overrides?.checks,
    overrides?.goals?.[goal.value]?.checks,
    overrides?.environments?.[environment.value]?.checks,
  ];
  const resolved = {
    sampling: merge(merge(defaults.sampling, overrides?.sampling), sources.cliSampling),
    lag: merge(defaults.lag, overrides?.lag),
    checks: Object.fromEntries(
      Object.entries(defaults.checks).map(([id, slice]) => [
        id,
        layers.reduce((merged, layer) => merge(merged, layer?.[id as CheckId]), slice as object),
      ]),
    ) as unknown as Policy['checks'],
    weights: resolveWeights(environment.value, goal.value, overrides?.weights),
  };
  const named = {
    objectives: { topics: overrides?.topics ?? {}, groups: overrides?.groups ?? {} },
    planned: Object.entries(overrides?.planned ?? {}).map(([name, work]) => plannedWork(name, work)),
    waivers: Object.entries(overrides?.waivers ?? {}).map(
      ([name, waiver]): Waiver => ({ name, ...waiver, resource: waiver.resource ?? '*' }),
    ),
    owner: overrides?.owner ?? null,
  };
  return {
    environment,
    goal,
    ...resolved,
    ...named,
    overrides: differencesBetween(defaults, resolved).map(({ key, from, to }) => `${key}: ${to} (default ${from})`),
    // The sentences that say why may change without a verdict changing: they stay out of the fingerprint.
    fingerprint: shortHash(stableJson({ environment: environment.value, goal: goal.value, ...resolved, ...named })),
  };
}

/** Its two forms are told apart when the file is read (contradictions.ts). */
function plannedWork(name: string, work: NonNullable<PolicyOverrides['planned']>[string]): PlannedWork {
  const { because, from, to, every, startUtc = '00:00', hours = 0 } = work;
  if (from !== undefined && to !== undefined) return { name, because, fromMs: Date.parse(from), toMs: Date.parse(to) };
  const [hour, minute] = startUtc.split(':').map(Number);
  return { name, because, every: every ?? 'day', startMinuteUtc: 60 * hour! + minute!, hours };
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

/** Keys in alphabetical order: the order of a user's file must not change the fingerprint. */
function stableJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${stableJson(child)}`).join(',')}}`;
}
