// Settings that somebody changed on the brokers while they ran. Such a value outranks the cluster's configuration, and one of a single broker
// outranks that of all: https://kafka.apache.org/documentation/#dynamicbrokerconfigs.
import type { EffectiveConfig } from '../../analysis/effective-config.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { setForAllBrokers } from './apply-config.ts';
import { numbersWhere } from './broker-settings.ts';
import { kafkaTool } from './commands.ts';

type BrokerConfigs = Collected<SectionValue<'kafkaBrokerConfigs'>>;

export interface Overrides {
  forAll: boolean;
  /** Brokers with a value of their own. */
  brokerIds: readonly string[];
}

/**
 * Those that are in force: an override of a single broker hides one of all brokers, and none is known where Kafka was not asked.
 * @param isMeant leaves out overrides with other values
 */
export function overridesOf(
  key: string,
  section: BrokerConfigs,
  isMeant: (value: string | null) => boolean = () => true,
): Overrides {
  const set = Object.entries(section.ok ? section.value : {}).flatMap(([id, settings]) => {
    const entry = Object.hasOwn(settings, key) ? settings[key] : undefined;
    return entry !== undefined && isMeant(entry.value) ? [{ id, source: entry.source }] : [];
  });
  return {
    forAll: set.some(({ source }) => source === 'dynamic-default-broker'),
    brokerIds: set.flatMap(({ id, source }) => (source === 'dynamic-broker' ? [id] : [])),
  };
}

/** Takes the overrides off, so that the configuration counts again. Kafka refuses to take off what is not set. */
export function deleteOverrides(key: string, { forAll, brokerIds }: Overrides): Command[] {
  const off = (where: string, entity: readonly string[]) =>
    kafkaTool('kafka-configs.sh', {
      purpose: `Take the dynamic ${key} off ${where}: it outranks the cluster's configuration`,
      effect: 'change',
      args: ['--alter', '--entity-type', 'brokers', ...entity, '--delete-config', key],
    });
  return [
    ...(forAll ? [off('all brokers', ['--entity-default'])] : []),
    ...brokerIds.map((id) => off(`broker ${id}`, ['--entity-name', id])),
  ];
}

/** A value for all brokers, at once and without a restart, those with a value of their own included. */
export function setOnBrokers(purpose: string, key: string, value: string, section: BrokerConfigs): Command[] {
  return [
    setForAllBrokers(purpose, key, value),
    ...overridesOf(key, section).brokerIds.map((id) =>
      kafkaTool('kafka-configs.sh', {
        purpose: `The same for broker ${id}, which has a value of its own`,
        effect: 'change',
        args: ['--alter', '--entity-type', 'brokers', '--entity-name', id, '--add-config', `${key}=${value}`],
      }),
    ),
  ];
}

/**
 * A number of threads, at once: Kafka takes no value below half or above twice of what runs, on any broker
 * (https://kafka.apache.org/documentation/#dynamicbrokerconfigs). None where it would refuse: then the configuration alone can.
 */
export function setThreads(
  purpose: string,
  key: string,
  target: number,
  setting: EffectiveConfig | undefined,
  section: BrokerConfigs,
): Command[] {
  const refused = numbersWhere(setting, (now) => target < Math.floor(now / 2) || target > 2 * now);
  if (setting === undefined || refused.length > 0) return [];
  return setOnBrokers(`${purpose}, at once and without a restart`, key, String(target), section);
}
