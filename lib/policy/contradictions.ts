// Orders that a policy must keep once its values stand among the defaults: a medium beyond its high would silence the medium for ever.
import { CATEGORIES } from '../kpis/category.ts';
import { safeLabel } from '../text/sanitize.ts';
import { DEFAULT_SAMPLING, defaultLagPolicy } from './default-policy.ts';
import { ENVIRONMENTS, type Environment, GOALS, type Goal } from './environment.ts';
import { hasExpired } from './objectives.ts';
import { patternsOverlap } from './pattern.ts';
import type { CheckOverrides, PolicyOverrides } from './schema.ts';
import { thresholdValue } from './threshold.ts';
import { type CheckId, THRESHOLD_TABLE } from './thresholds/index.ts';

export interface Contradiction {
  /** The key of the file to point at. */
  path: readonly string[];
  message: string;
  /** What else of the file could settle it. Where one of these is not well formed, nobody knows yet whether it is a contradiction. */
  restsOn: readonly Path[];
}
type Path = readonly string[];

/** All impossible orders, judged with the defaults of every environment and goal: the command line may choose another one than the file. */
export function findContradictions(overrides: PolicyOverrides): Contradiction[] {
  const orders = Object.entries(THRESHOLD_TABLE).flatMap(([id, table]) =>
    Object.entries(table).flatMap(([key, { below }]) =>
      below === undefined ? [] : [[id as CheckId, key, below] as const],
    ),
  );
  return [
    ...orders.flatMap((order) => orderProblems(overrides, order)),
    ...samplingProblems(overrides),
    ...overlaps(overrides),
    ...plannedProblems(overrides),
    ...weightProblems(overrides),
  ];
}

type Numbers = Readonly<Record<string, number | undefined>>;

/** A value and the layer of the file that sets it; null for a default. */
interface Placed {
  value: number;
  layer: Path | null;
}

/** Where a file may speak of a check. */
const LAYERS: readonly Path[] = [
  [],
  ...ENVIRONMENTS.map((environment) => ['environments', environment]),
  ...GOALS.map((goal) => ['goals', goal]),
];

function orderProblems(
  overrides: PolicyOverrides,
  [check, smaller, larger]: readonly [CheckId, string, string],
): Contradiction[] {
  const placed = (key: string, environment: Environment, goal: Goal): Placed => {
    const layers: [Path, CheckOverrides | undefined][] = [
      [['environments', environment], overrides.environments?.[environment]?.checks],
      [['goals', goal], overrides.goals?.[goal]?.checks],
      [[], overrides.checks],
    ];
    for (const [layer, checks] of layers) {
      const value = (checks?.[check] as Numbers | undefined)?.[key];
      if (value !== undefined) return { value, layer };
    }
    return { value: thresholdValue(THRESHOLD_TABLE[check][key]!, environment, goal), layer: null };
  };
  for (const [environment, goal] of ENVIRONMENTS.flatMap((each) => GOALS.map((goal) => [each, goal] as const))) {
    const [low, high] = [placed(smaller, environment, goal), placed(larger, environment, goal)];
    const layer = low.layer ?? high.layer;
    if (layer === null || low.value < high.value) continue;
    const text = (key: string, { value, layer: from }: Placed) =>
      `${key} ${value}${from === null ? ' (its default)' : ''}`;
    return [
      {
        path: [...layer, 'checks', check, low.layer === null ? larger : smaller],
        message: `impossible order in ${check}: ${text(smaller, low)} must be below ${text(larger, high)}`,
        restsOn: low.layer?.join() === high.layer?.join() ? [] : LAYERS.map((each) => [...each, 'checks', check]),
      },
    ];
  }
  return [];
}

/** Two patterns that can match the same name would leave open which of them holds. */
function overlaps({ topics = {}, groups = {}, waivers = {} }: PolicyOverrides): Contradiction[] {
  const byPattern = Object.entries({ topics, groups }).flatMap(([kind, patterns]) =>
    pairs(Object.keys(patterns))
      .filter(([a, b]) => patternsOverlap(a, b))
      .map(([a, b]) => ({
        path: [kind, b],
        message: `the patterns "${safeLabel(a)}" and "${safeLabel(b)}" of ${kind} can match the same name; make one of them narrower`,
        restsOn: [],
      })),
  );
  const byWaiver = pairs(Object.entries(waivers))
    .filter(([[, a], [, b]]) => a.check === b.check && patternsOverlap(a.resource ?? '*', b.resource ?? '*'))
    .map(([[a], [b, { check }]]) => ({
      path: ['waivers', b, 'resource'],
      message: `the waivers "${safeLabel(a)}" and "${safeLabel(b)}" of ${check} can match the same resource; make one of them narrower`,
      restsOn: [a, b].flatMap((name) => [
        ['waivers', name, 'check'],
        ['waivers', name, 'resource'],
      ]),
    }));
  return [...byPattern, ...byWaiver];
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}

const FORMS = 'planned work is either `from` and `to`, or `every`, `startUtc` and `hours`';

function plannedProblems({ planned = {} }: PolicyOverrides): Contradiction[] {
  return Object.entries(planned).flatMap(([name, { from, to, every, startUtc, hours }]) => {
    const path = ['planned', name];
    const restsOn = ['from', 'to', 'every', 'startUtc', 'hours'].map((key) => [...path, key]);
    const [once, again] = [
      [from, to],
      [every, startUtc, hours],
    ];
    const whole = (parts: readonly unknown[]) => parts.every((part) => part !== undefined);
    const none = (parts: readonly unknown[]) => parts.every((part) => part === undefined);
    if (!(whole(once) && none(again)) && !(whole(again) && none(once))) return [{ path, message: FORMS, restsOn }];
    if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return [];
    return [{ path: [...path, 'to'], message: `\`to\` ${to} must be after \`from\` ${from}`, restsOn }];
  });
}

/** A score of nothing is no score. */
function weightProblems({ weights }: PolicyOverrides): Contradiction[] {
  const own = weights?.categories ?? {};
  const isNothing = CATEGORIES.every((category) => own[category] === 0);
  return isNothing
    ? [{ path: ['weights', 'categories'], message: 'every category weighs 0: there would be no score', restsOn: [] }]
    : [];
}

/** Waivers that no longer hold: of a file that is checked or deployed they are mistakes, of one in use they are told in the report. */
export function expiredWaivers({ waivers = {} }: PolicyOverrides, nowMs: number): Contradiction[] {
  return Object.entries(waivers)
    .filter(([, waiver]) => hasExpired(waiver, nowMs))
    .map(([name, { expires }]) => ({
      path: ['waivers', name, 'expires'],
      message: `the waiver "${safeLabel(name)}" expired on ${expires}; remove it, or decide anew and give a later day`,
      restsOn: [],
    }));
}

/** Sampling that can never fill the window that the consumer checks ask for would hide every stalled group. */
function samplingProblems(overrides: PolicyOverrides): Contradiction[] {
  const { sampling = {}, lag = {} } = overrides;
  const restsOn = (...values: (number | undefined)[]) => (values.includes(undefined) ? [['sampling'], ['lag']] : []);
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
        restsOn: restsOn(lag.minSamples, sampling.samples),
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
      restsOn: restsOn(lag.minSpanSec, sampling.samples, sampling.intervalSec),
    },
  ];
}
