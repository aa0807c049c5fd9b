// Orders that a policy must keep once its values stand among the defaults: a medium beyond its high would silence the medium for ever.
import { DEFAULT_SAMPLING, defaultLagPolicy } from './default-policy.ts';
import { ENVIRONMENTS, GOALS } from './environment.ts';
import type { PolicyOverrides } from './schema.ts';
import { thresholdValue } from './threshold.ts';
import { type CheckId, THRESHOLD_TABLE } from './thresholds/index.ts';

export interface Contradiction {
  /** The key of the file to point at. */
  path: readonly string[];
  message: string;
}

/** All impossible orders, judged with the defaults of every environment and goal: the command line may choose another one than the file. */
export function findContradictions(overrides: PolicyOverrides): Contradiction[] {
  const orders = Object.entries(THRESHOLD_TABLE).flatMap(([id, table]) =>
    Object.entries(table).flatMap(([key, { below }]) =>
      below === undefined ? [] : [[id as CheckId, key, below] as const],
    ),
  );
  return [...orders.flatMap((order) => orderProblem(overrides, order)), ...samplingProblems(overrides)];
}

function orderProblem(
  overrides: PolicyOverrides,
  [check, smaller, larger]: readonly [CheckId, string, string],
): Contradiction[] {
  const set = (overrides.checks?.[check] ?? {}) as Record<string, number | undefined>;
  if (set[smaller] === undefined && set[larger] === undefined) return [];
  const table = THRESHOLD_TABLE[check];
  for (const [environment, goal] of ENVIRONMENTS.flatMap((each) => GOALS.map((goal) => [each, goal] as const))) {
    const low = set[smaller] ?? thresholdValue(table[smaller]!, environment, goal);
    const high = set[larger] ?? thresholdValue(table[larger]!, environment, goal);
    if (low < high) continue;
    const key = set[smaller] === undefined ? larger : smaller;
    const origin = (name: string) => (set[name] === undefined ? ' (its default)' : '');
    return [
      {
        path: ['checks', check, key],
        message:
          `impossible order in ${check}: ${smaller} ${low}${origin(smaller)} must be below ` +
          `${larger} ${high}${origin(larger)}`,
      },
    ];
  }
  return [];
}

/** Sampling that can never fill the window that the consumer checks ask for would hide every stalled group. */
function samplingProblems(overrides: PolicyOverrides): Contradiction[] {
  const { sampling = {}, lag = {} } = overrides;
  const defaults = defaultLagPolicy('production', 'balanced');
  const samples = sampling.samples ?? DEFAULT_SAMPLING.samples;
  const intervalSec = sampling.intervalSec ?? DEFAULT_SAMPLING.intervalSec;
  const minSamples = lag.minSamples ?? defaults.minSamples;
  const minSpanSec = lag.minSpanSec ?? defaults.minSpanSec;
  if (minSamples > samples) {
    return [
      {
        path: lag.minSamples === undefined ? ['sampling', 'samples'] : ['lag', 'minSamples'],
        message: `lag.minSamples ${minSamples} is more than sampling.samples ${samples}: no consumer could ever be judged`,
      },
    ];
  }
  const spanSec = (samples - 1) * intervalSec;
  if (minSpanSec <= spanSec) return [];
  const key = lag.minSpanSec === undefined ? (sampling.samples === undefined ? 'intervalSec' : 'samples') : null;
  return [
    {
      path: key === null ? ['lag', 'minSpanSec'] : ['sampling', key],
      message:
        `lag.minSpanSec ${minSpanSec} is more than the ${spanSec} s between the first and the last of ${samples} samples ` +
        `${intervalSec} s apart: no consumer could ever be judged`,
    },
  ];
}
