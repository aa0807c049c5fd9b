// Orders that a policy must keep once its values stand among the defaults: a medium beyond its high would silence the medium for ever.
import { DEFAULT_SAMPLING, defaultCheckThresholds, defaultLagPolicy } from './default-policy.ts';
import { ENVIRONMENTS } from './environment.ts';
import type { PolicyOverrides } from './schema.ts';
import type { CheckId } from './thresholds.ts';

export interface Contradiction {
  /** The key of the file to point at. */
  path: readonly string[];
  message: string;
}

/** Each `[check, smaller, larger]`: the first key's value must lie below the second's. */
const ORDERS: readonly (readonly [CheckId, string, string])[] = [
  ['disk-used-high', 'mediumPercent', 'highPercent'],
  ['disk-used-high', 'highPercent', 'criticalPercent'],
  ['disk-used-high', 'targetPercent', 'highPercent'],
  ['cpu-high', 'mediumPercent', 'highPercent'],
  ['cpu-high', 'highPercent', 'criticalPercent'],
  ['version-unsupported', 'highDays', 'mediumDays'],
  ['partitions-under-replicated', 'minMinutes', 'criticalMinutes'],
];

/** All impossible orders, judged with the defaults of every environment: the command line may choose another one than the file. */
export function findContradictions(overrides: PolicyOverrides): Contradiction[] {
  return [...ORDERS.flatMap((order) => orderProblem(overrides, order)), ...samplingProblems(overrides)];
}

function orderProblem(overrides: PolicyOverrides, [check, smaller, larger]: (typeof ORDERS)[number]): Contradiction[] {
  const set = (overrides.checks?.[check] ?? {}) as Record<string, number | undefined>;
  if (set[smaller] === undefined && set[larger] === undefined) return [];
  for (const environment of ENVIRONMENTS) {
    const defaults = defaultCheckThresholds(environment)[check] as unknown as Record<string, number>;
    const low = set[smaller] ?? defaults[smaller]!;
    const high = set[larger] ?? defaults[larger]!;
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
