// Settings of brokers as checks read them: with every value in force, and honest about overrides that nobody could see.
import {
  type ConfigInputs,
  type EffectiveConfig,
  effectiveConfig,
  ORIGIN_WORD,
} from '../../analysis/effective-config.ts';
import type { Evidence } from '../check.ts';
import { kafkaTool } from './commands.ts';
import { brokers, listed } from './wording.ts';

/** Sections that tell settings of brokers, for `mayUse`. */
export const SETTING_SECTIONS = ['cluster', 'configuration', 'kafkaBrokerConfigs'] as const;
/** Only the brokers' own answers make a pass: what is missing of the others does not matter beside them. */
export const TOLERATED = ['cluster', 'configuration'] as const;

export interface Settings {
  found: ReadonlyMap<string, EffectiveConfig>;
  /** Why a pass may not rest on them; null when the brokers themselves, or what MSK fixes, say all of them. */
  gap: string | null;
}

export function readSettings(keys: readonly string[], inputs: ConfigInputs): Settings {
  const all = keys.map((key) => [key, effectiveConfig(key, inputs)] as const);
  const found = all.flatMap(([key, setting]) => (setting === null ? [] : [[key, setting] as const]));
  const unread = all.flatMap(([key, setting]) => (setting === null ? [key] : []));
  const unsure = found.filter(([, { confidence }]) => confidence < 1).map(([key]) => key);
  const first = found.find(([, { confidence }]) => confidence < 1)?.[1];
  const parts = [
    ...(unread.length > 0 ? [`${listed(unread)} of the brokers ${unread.length === 1 ? 'is' : 'are'} not known`] : []),
    ...(unsure.length > 0
      ? [
          `${listed(unsure)} ${unsure.length === 1 ? 'is' : 'are'} known from ${ORIGIN_WORD[first!.origin]} alone: an override on the brokers would not show`,
        ]
      : []),
  ];
  return { found: new Map(found), gap: parts.length === 0 ? null : parts.join('; ') };
}

export interface ValueInForce {
  value: string | null;
  /** Empty where Kafka was not asked: the value is that of all. */
  brokerIds: readonly number[];
}

/** Every value that some broker runs with. */
export function valuesOf(setting: EffectiveConfig | undefined): readonly ValueInForce[] {
  if (setting === undefined) return [];
  return setting.brokers.length > 0 ? setting.brokers : [{ value: setting.value, brokerIds: [] }];
}

/** The numbers in force that a condition holds for, the largest first; what is unset or no number is left out. */
export function numbersWhere(
  setting: EffectiveConfig | undefined,
  condition: (value: number) => boolean,
): (ValueInForce & { number: number })[] {
  return valuesOf(setting)
    .flatMap((each) =>
      each.value === null || each.value.trim() === '' ? [] : [{ ...each, number: Number(each.value) }],
    )
    .filter(({ number }) => Number.isFinite(number) && condition(number))
    .sort((a, b) => b.number - a.number);
}

export function numberOf(setting: EffectiveConfig | undefined): number | null {
  return numbersWhere(setting, () => true)[0]?.number ?? null;
}

/** ` on broker 2` where others run with another value. */
export function whereInForce(setting: EffectiveConfig, { brokerIds }: ValueInForce): string {
  return setting.brokers.length > 1 ? ` on ${brokers(brokerIds)}` : '';
}

export function settingsTable(title: string, settings: readonly EffectiveConfig[]): Evidence {
  return {
    title,
    columns: [
      { key: 'key', label: 'Setting', as: 'name' },
      { key: 'value', label: 'Value in force', as: 'name' },
      { key: 'brokers', label: 'Brokers', as: 'name' },
      { key: 'source', label: 'Where it comes from', as: 'name' },
    ],
    rows: settings.flatMap((setting) =>
      valuesOf(setting).map(({ value, brokerIds }) => ({
        key: setting.key,
        value: value ?? 'unset',
        brokers: brokerIds.length === 0 ? null : brokerIds.join(','),
        source: setting.source,
      })),
    ),
    source: 'Settings in force: what the brokers answer, else the revision in use, else the defaults',
    reproduce: kafkaTool('kafka-configs.sh', {
      purpose: 'Show the settings that the brokers run with',
      args: ['--describe', '--all', '--entity-type', 'brokers'],
    }),
  };
}
