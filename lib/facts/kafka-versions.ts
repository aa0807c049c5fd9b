// Which Kafka versions Amazon MSK supports, until when. A version that is not here is unknown: never guessed from a neighbour.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html, as scraped on 2026-08-22 by
// https://github.com/endoflife-date/endoflife.date/blob/master/products/amazon-msk.md.

/** The day on which the table was true. */
export const KAFKA_VERSIONS_AS_OF = '2026-08-22';
export const KAFKA_VERSIONS_SOURCE =
  'https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html';

export type MetadataMode = 'zookeeper' | 'kraft';

export interface KafkaVersionSupport {
  /** The row of AWS's table that the version belongs to, in AWS's spelling: `3.9.x`, `2.8.2.tiered`, `3.6.0`. */
  line: string;
  /** ISO date of the release on MSK; null where the table gives none. */
  mskReleaseDate: string | null;
  /** ISO date after which MSK may upgrade the cluster by itself; null while AWS has announced none. */
  endOfSupportDate: string | null;
  /** The modes in which MSK offers the line. */
  metadataModes: readonly MetadataMode[];
}

const ZOOKEEPER = ['zookeeper'] as const;
const BOTH = ['zookeeper', 'kraft'] as const;
const KRAFT = ['kraft'] as const;

function row(
  line: string,
  mskReleaseDate: string | null,
  endOfSupportDate: string | null,
  metadataModes: readonly MetadataMode[],
): KafkaVersionSupport {
  return { line, mskReleaseDate, endOfSupportDate, metadataModes };
}

export const KAFKA_VERSIONS: readonly KafkaVersionSupport[] = [
  ...['1.1.1', '2.1.0'].map((line) => row(line, null, '2024-06-05', ZOOKEEPER)),
  ...['2.2.1', '2.3.1', '2.4.1', '2.4.1.1', '2.5.1'].map((line) => row(line, null, '2024-06-08', ZOOKEEPER)),
  ...['2.6.x', '2.7.x', '2.8.0', '2.8.1', '3.1.1', '3.2.0', '3.3.1', '3.3.2'].map((line) =>
    row(line, null, '2024-09-11', ZOOKEEPER),
  ),
  row('2.8.2.tiered', '2022-10-28', '2025-01-14', ZOOKEEPER),
  row('3.4.0', '2023-05-04', '2025-08-04', ZOOKEEPER),
  row('3.5.1', '2023-09-26', '2025-10-23', ZOOKEEPER),
  row('3.6.0', '2023-11-16', '2026-06-01', ZOOKEEPER),
  row('3.7.x', '2024-05-29', '2026-09-01', BOTH),
  row('3.8.x', '2025-02-20', null, BOTH),
  row('3.9.x', '2025-04-21', null, BOTH),
  row('4.0.x', '2025-05-16', null, KRAFT),
  row('4.1.x', '2025-10-15', null, KRAFT),
  row('4.2.x', '2026-07-15', null, KRAFT),
];

/**
 * Support of a version as MSK spells it (`3.9.x`, `3.9.x.kraft`, `2.8.2.tiered`, `3.6.0`); a patch number is taken as part of an
 * `.x` line (`3.9.1` is `3.9.x`). Null: the table does not know the version.
 */
export function supportOf(mskVersion: string): KafkaVersionSupport | null {
  const version = mskVersion.trim().replace(/\.kraft$/, '');
  const line = version.replace(/^(\d+\.\d+)\.\d+$/, '$1.x');
  return (
    KAFKA_VERSIONS.find((each) => each.line === version) ?? KAFKA_VERSIONS.find((each) => each.line === line) ?? null
  );
}

/** Whether a version as MSK spells it is this one or a later one; an `x` counts as 0, and no version is not. */
export function isAtLeast(
  version: string | null,
  wanted: readonly [major: number, minor: number, patch: number],
): boolean {
  const numbers = (version ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0);
  const differs = wanted.findIndex((number, i) => (numbers[i] ?? 0) !== number);
  return differs < 0 || (numbers[differs] ?? 0) > wanted[differs]!;
}

/**
 * Whether provisioned clusters of this version have MSK's operations on topics: Kafka 3.6 or later.
 * Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html, read in copies of 2026.
 */
export function hasTopicOperations(version: string | null): boolean {
  return isAtLeast(version, [3, 6, 0]);
}

/** Start of the end-of-support day (UTC) in epoch milliseconds; null when none is announced. */
export function endOfSupportMs(support: KafkaVersionSupport): number | null {
  return support.endOfSupportDate === null ? null : Date.parse(`${support.endOfSupportDate}T00:00:00Z`);
}

/** The metadata mode that a version string alone proves; null where a line exists in both modes and the string does not say. */
export function metadataModeOf(mskVersion: string): MetadataMode | null {
  if (mskVersion.trim().endsWith('.kraft')) return 'kraft';
  const modes = supportOf(mskVersion)?.metadataModes ?? [];
  return modes.length === 1 ? modes[0]! : null;
}
