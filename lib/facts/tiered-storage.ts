// What tiered storage of Standard brokers asks for: https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage.html, read in
// copies of 2026. Compacted topics cannot have it, and a topic that had it switched off cannot get it back.
import { familyOf } from './broker-sizes.ts';

export const TIERED_STORAGE_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage.html';

/** Three days. */
export const TIERED_MIN_RETENTION_MS = 259_200_000;
/** 48 MiB. */
export const TIERED_MIN_SEGMENT_BYTES = 50_331_648;
/** A segment may not roll sooner. */
export const TIERED_MIN_ROLL_MS = 600_000;

/** Whether a cluster of this size and version can have it; null where the version is not known. */
export function mayBeTiered(instanceType: string, kafkaVersion: string | null): boolean | null {
  if (familyOf(instanceType) === 't3') return false;
  if (kafkaVersion === null) return null;
  if (kafkaVersion.startsWith('2.8.2.tiered')) return true;
  const [major = Number.NaN, minor = Number.NaN] = kafkaVersion.split('.').map(Number);
  if (Number.isNaN(major) || Number.isNaN(minor)) return null;
  return major > 3 || (major === 3 && minor >= 6);
}
