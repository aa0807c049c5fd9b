// In which single values two policies differ.
import type { PlannedWork } from './objectives.ts';
import type { Policy } from './policy.ts';

type Leaf = string | number | boolean | null;

export interface PolicyDifference {
  /** `checks.cpu-high.mediumPercent`. */
  key: string;
  /** Null where it is not set. */
  from: Leaf;
  to: Leaf;
}

/** All that a policy says, key by key: thresholds, weights, and what it names. */
export function differencesOf(from: Policy, to: Policy): PolicyDifference[] {
  return differencesBetween(plain(from), plain(to));
}

export function differencesBetween(from: object, to: object): PolicyDifference[] {
  const [was, is] = [flatten(from), flatten(to)];
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys]
    .filter((key) => was[key] !== is[key])
    .map((key) => ({ key, from: was[key] ?? null, to: is[key] ?? null }));
}

function plain({ environment, goal, sampling, lag, weights, objectives, planned, waivers, owner, checks }: Policy) {
  return {
    environment: environment.value,
    goal: goal.value,
    owner,
    sampling,
    lag,
    checks,
    weights,
    ...objectives,
    planned: byName(planned.map(asWritten)),
    waivers: byName(waivers),
  };
}

/** With times as the file has them. */
function asWritten(work: PlannedWork): { name: string } & Record<string, Leaf> {
  const { name, because } = work;
  const time = (atMs: number) => new Date(atMs).toISOString();
  if ('fromMs' in work) return { name, because, from: time(work.fromMs), to: time(work.toMs) };
  const { every, startMinuteUtc, hours } = work;
  return { name, because, every, startUtc: time(startMinuteUtc * 60_000).slice(11, 16), hours };
}

function byName(items: readonly { name: string }[]): Record<string, object> {
  return Object.fromEntries(items.map(({ name, ...rest }) => [name, rest]));
}

function flatten(value: object, prefix = ''): Record<string, Leaf> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]): [string, Leaf][] =>
      typeof child === 'object' && child !== null
        ? Object.entries(flatten(child, `${prefix}${key}.`))
        : [[`${prefix}${key}`, child]],
    ),
  );
}
