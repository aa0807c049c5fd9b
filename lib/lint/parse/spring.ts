// Spring Boot's spelling of the Java client's settings: https://docs.spring.io/spring-boot/appendix/application-properties/index.html.
import { LIBRARY_SETTINGS } from '../../facts/library-settings.ts';
import type { Entry } from '../lint-types.ts';

/** Where Spring's name is not Kafka's with hyphens. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  'fetch-min-size': 'fetch.min.bytes',
  'fetch-max-wait': 'fetch.max.wait.ms',
  'heartbeat-interval': 'heartbeat.interval.ms',
  'auto-commit-interval': 'auto.commit.interval.ms',
  'transaction-id-prefix': 'transactional.id',
};
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1_024,
  MB: 1_048_576,
  GB: 1_073_741_824,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * The client's settings of a Spring Boot application in Kafka's spelling; all entries as they are where the file is none of Spring's.
 * What is below `properties` is Kafka's own spelling; what Spring reads for itself (listeners, templates) is left out.
 */
export function withoutSpring(entries: readonly Entry[]): readonly Entry[] {
  const springs = entries.flatMap((entry) => {
    // Spring writes a key that keeps its dots in brackets: `properties.[sasl.jaas.config]`.
    const whole = entry.path.join('.').replace(/\.?\[([^\]]+)\]/g, '.$1');
    const parts = whole.match(/^spring\.kafka\.(.+)$/)?.[1];
    return parts === undefined ? [] : [{ entry, parts }];
  });
  if (springs.length === 0) return entries;
  return springs.flatMap(({ entry, parts }) => {
    const [, section, properties, key] = /^(producer\.|consumer\.|)(properties\.|)(.+)$/.exec(parts)!;
    const name = properties === '' ? (OWN_NAMES[key!] ?? kafkasName(key!)) : key!;
    if (properties === '' && !LIBRARY_SETTINGS.java.has(name)) return [];
    const path = section === '' ? [name] : [section!.slice(0, -1), name];
    return [{ ...entry, path, text: properties === '' ? plain(name, entry.text) : entry.text }];
  });
}

/** `ssl.key-store-password` is `ssl.keystore.password`. */
function kafkasName(key: string): string {
  return key.replace(/(key|trust)-store/, '$1store').replaceAll('-', '.');
}

/** `64KB` in bytes, `5s` in milliseconds, `read-committed` as Spring reads the names of an enum. */
function plain(name: string, text: string): string {
  if (name === 'isolation.level') return text.toLowerCase().replaceAll('-', '_');
  const match = /^(\d+)(B|KB|MB|GB|ms|s|m|h)$/.exec(text);
  return match === null ? text : String(Number(match[1]) * UNITS[match[2]!]!);
}
