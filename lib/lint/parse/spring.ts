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
const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1_024, MB: 1_048_576, ms: 1, s: 1_000, m: 60_000 };

/**
 * The client's settings of a Spring Boot application in Kafka's spelling; all entries as they are where the file is none of Spring's.
 * What is below `properties` is Kafka's own spelling; what Spring reads for itself (listeners, templates) is left out.
 */
export function withoutSpring(entries: readonly Entry[]): readonly Entry[] {
  const springs = entries.flatMap((entry) => {
    const parts = entry.path.join('.').match(/^spring\.kafka\.(.+)$/)?.[1];
    return parts === undefined ? [] : [{ entry, parts }];
  });
  if (springs.length === 0) return entries;
  return springs.flatMap(({ entry, parts }) => {
    const [, section, properties, key] = /^(producer\.|consumer\.|)(properties\.|)(.+)$/.exec(parts)!;
    const name = properties === '' ? (OWN_NAMES[key!] ?? key!.replaceAll('-', '.')) : key!;
    if (properties === '' && !LIBRARY_SETTINGS.java.has(name)) return [];
    const path = section === '' ? [name] : [section!.slice(0, -1), name];
    return [{ ...entry, path, text: properties === '' ? plain(entry.text) : entry.text }];
  });
}

/** `64KB` in bytes, `5s` in milliseconds. */
function plain(text: string): string {
  const match = /^(\d+)(B|KB|MB|ms|s|m)$/.exec(text);
  return match === null ? text : String(Number(match[1]) * UNITS[match[2]!]!);
}
