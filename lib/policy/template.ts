// The documented policy file that `msk-checkup policy init` writes: every key with its default, its bounds and its reason, all of it
// commented out, so that the file changes nothing until somebody decides.
import { wrap } from '../text/wrap.ts';
import { DEFAULT_SAMPLING, defaultLagPolicy, POLICY_VERSION } from './default-policy.ts';
import type { Environment, Goal } from './environment.ts';
import { KPI_IDS } from './kpi-curves.ts';
import { type Threshold, thresholdValue } from './threshold.ts';
import { THRESHOLD_TABLE } from './thresholds/index.ts';
import { resolveWeights } from './weights.ts';

const WIDTH = 110;

/** YAML text that is valid as it is, and with every `#` before a key taken away. Prose is marked with `##`. */
export function policyTemplate(environment: Environment, goal: Goal): string {
  return [
    ...prose(
      0,
      'Policy of MSK Checkup. A line that begins with # is a default: take the # away to change it. Lines with ## explain.',
    ),
    ...prose(
      0,
      `Defaults shown are those of ${environment} with the goal ${goal}. \`msk-checkup validate\` checks this file, \`msk-checkup policy diff\` shows what it changes.`,
    ),
    `version: ${POLICY_VERSION}`,
    '',
    ...prose(
      0,
      'Without these two, tags and the name of the cluster decide (production and balanced where nothing does).',
    ),
    `#environment: ${environment}`,
    `#goal: ${goal}`,
    '',
    ...prose(0, 'Who answers for what no pattern below names; findings and messages carry it.'),
    '#owner: platform-team',
    '',
    ...sampling(environment, goal),
    '',
    ...checks(environment, goal),
    '',
    ...prose(0, 'The same keys for one environment or one goal alone; the narrower word wins.'),
    ...EXAMPLE_LAYERS,
    '',
    ...weights(environment, goal),
    '',
    ...prose(0, 'Patterns: * stands for any characters, ? for one. No name may fit two patterns of one map.'),
    ...EXAMPLE_OBJECTIVES,
    '',
    ...prose(
      0,
      'Planned work: its minutes are not judged, as those of a cluster operation. Once (from, to), or again and again.',
    ),
    ...EXAMPLE_PLANNED,
    '',
    ...prose(0, 'Waivers: findings that somebody accepts, for a reason and until a day. They stay in the report.'),
    ...EXAMPLE_WAIVERS,
    '',
  ].join('\n');
}

function prose(indent: number, text: string): string[] {
  const lead = `${' '.repeat(indent)}## `;
  return wrap(text, WIDTH - lead.length).map((line) => lead + line);
}

const setting = (indent: number, text: string) => `#${' '.repeat(indent)}${text}`;

function sampling(environment: Environment, goal: Goal): string[] {
  const lines = (name: string, values: object) => [
    `#${name}:`,
    ...Object.entries(values).map(([key, value]) => setting(2, `${key}: ${value}`)),
  ];
  return [
    ...prose(0, 'How often one run looks at offsets, and what it may read beyond them.'),
    ...lines('sampling', DEFAULT_SAMPLING),
    ...prose(0, 'When a consumer counts as behind.'),
    ...lines('lag', defaultLagPolicy(environment, goal)),
  ];
}

function checks(environment: Environment, goal: Goal): string[] {
  const line = (key: string, threshold: Threshold) => [
    ...prose(
      4,
      `${threshold.because} Allowed: ${threshold.min} to ${threshold.max}${threshold.whole ? ', whole' : ''}.`,
    ),
    setting(4, `${key}: ${thresholdValue(threshold, environment, goal)}`),
  ];
  const tuned = Object.entries(THRESHOLD_TABLE).filter(([, table]) => Object.keys(table).length > 0);
  return [
    ...prose(0, 'Thresholds of the checks. What a check looks at: msk-checkup explain <id>.'),
    '#checks:',
    ...tuned.flatMap(([id, table]) => [
      setting(2, `${id}:`),
      ...Object.entries(table).flatMap(([key, threshold]) => line(key, threshold)),
    ]),
  ];
}

function weights(environment: Environment, goal: Goal): string[] {
  const { categories, kpis } = resolveWeights(environment, goal);
  return [
    ...prose(0, 'How much each category counts in the score (shares of their sum), and a factor on single KPIs.'),
    '#weights:',
    setting(2, 'categories:'),
    ...Object.entries(categories).map(([category, share]) => setting(4, `${category}: ${Math.round(10 * share) / 10}`)),
    setting(2, 'kpis:'),
    ...KPI_IDS.map((id) => setting(4, `${id}: ${kpis[id]}`)),
  ];
}

const EXAMPLE_LAYERS = [
  '#environments:',
  '#  staging:',
  '#    checks:',
  '#      cpu-high: {mediumPercent: 65, highPercent: 75, criticalPercent: 85}',
  '#goals:',
  '#  cost:',
  '#    checks:',
  '#      cpu-high: {mediumPercent: 65}',
];

const EXAMPLE_OBJECTIVES = [
  '#topics:',
  '#  "tmp-*":',
  '#    ephemeral: true',
  '#    owner: data-team',
  '#groups:',
  '#  "payments-*":',
  '#    maxTimeLagSec: 30',
  '#    owner: payments-team',
  '#  "nightly-*":',
  '#    batchEveryHours: 24',
];

const EXAMPLE_PLANNED = [
  '#planned:',
  '#  moving house:',
  '#    from: 2026-12-01T22:00Z',
  '#    to: 2026-12-02T02:00Z',
  '#    because: the brokers get a larger size',
  '#  weekly load test:',
  '#    every: saturday',
  '#    startUtc: "03:00"',
  '#    hours: 2',
  '#    because: load test of the checkout',
];

const EXAMPLE_WAIVERS = [
  '#waivers:',
  '#  scratch topics:',
  '#    check: replication-factor-low',
  '#    resource: "scratch-*"',
  '#    reason: made again from the source within an hour',
  '#    owner: data-team',
  '#    expires: 2099-12-31',
];
