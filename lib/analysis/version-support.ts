// How long Amazon MSK still supports a Kafka version, by its own list of today and a dated copy of its table: for the check and the KPI.
import { endOfSupportMs, KAFKA_VERSIONS_AS_OF, type KafkaVersionSupport, supportOf } from '../facts/kafka-versions.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';

const DAY_MS = 86_400_000;

export const DEPRECATED = 'DEPRECATED';

export interface VersionSupport {
  /** Null: the table does not know the version. */
  support: KafkaVersionSupport | null;
  endMs: number | null;
  /** In MSK's list; null where that was not read or does not hold the version. */
  status: string | null;
  /** Not whole; below 0 past the end. Null: no end is announced, or it is not known (`unknown`). */
  daysLeft: number | null;
  /** The end of support counts as come because MSK says so, before or without a date of the table. */
  byList: boolean;
  /** Why nothing can be said of this version, after its name; null where `daysLeft` tells, or no end is announced. */
  unknown: string | null;
}

/**
 * What MSK says of its own versions today goes before a copy of its table: DEPRECATED is past the end, whatever the date. That no end is
 * announced is believed of a copy of at most `maxTableAgeDays`, or where the list says ACTIVE.
 */
export function versionSupport(
  version: string,
  versions: Collected<SectionValue<'versions'>>,
  { takenAtMs, maxTableAgeDays }: { takenAtMs: number; maxTableAgeDays: number },
): VersionSupport {
  const support = supportOf(version);
  const status = versions.ok ? versions.value.status : null;
  const endMs = support === null ? null : endOfSupportMs(support);
  const dated = endMs === null ? null : (endMs - takenAtMs) / DAY_MS;
  const common = { support, endMs, status, daysLeft: dated, byList: false, unknown: null };
  if (status === DEPRECATED)
    return { ...common, daysLeft: Math.min(0, dated ?? 0), byList: dated === null || dated > 0 };
  if (support === null)
    return {
      ...common,
      unknown: `is not in the table of supported versions of ${KAFKA_VERSIONS_AS_OF}`,
    };
  const isFresh = (takenAtMs - Date.parse(KAFKA_VERSIONS_AS_OF)) / DAY_MS <= maxTableAgeDays;
  if (endMs !== null || isFresh || status === 'ACTIVE') return common;
  return {
    ...common,
    unknown: `has no end of support in a copy of AWS's table of ${KAFKA_VERSIONS_AS_OF}, and MSK's own list did not say that it is still active`,
  };
}
