// Bytes on the brokers' disks by topic and partition.
import type { SectionValue } from '../snapshot/schema.ts';
import { remembered } from './remembered.ts';

export interface LogSize {
  /** All replicas. */
  allBytes: number;
  /** Bytes of the largest replica by partition. */
  largest: ReadonlyMap<number, number>;
}

/** By topic, in the order in which the brokers name them. */
export const logSizes: (logDirs: SectionValue<'kafkaLogDirs'>) => ReadonlyMap<string, LogSize> = remembered(
  (logDirs) => {
    const sizes = new Map<string, { allBytes: number; largest: Map<number, number> }>();
    for (const { topics } of logDirs) {
      for (const topic of Object.keys(topics)) {
        let own = sizes.get(topic);
        if (own === undefined) {
          own = { allBytes: 0, largest: new Map() };
          sizes.set(topic, own);
        }
        for (const { partition, sizeBytes } of topics[topic]!) {
          own.allBytes += sizeBytes;
          const before = own.largest.get(partition);
          if (before === undefined || sizeBytes > before) own.largest.set(partition, Math.max(0, sizeBytes));
        }
      }
    }
    return sizes;
  },
);
