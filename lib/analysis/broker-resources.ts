// Two resources of a broker that clients use up: connections, and the page cache that spares reads from disk.
import { mean } from './statistics.ts';

export interface ConnectionHeadroom {
  /** 0..1 of the limit, by broker. */
  utilisation: number[];
  worst: number;
  rateUtilisation: number[];
  worstRate: number;
  /** Connections of the busiest broker over the mean; null without any. */
  skewMaxOverMean: number | null;
}

/** @param limit connections with IAM authentication that a broker takes; `rateLimit` new ones a second */
export function connectionHeadroom(
  connections: readonly number[],
  limit: number,
  newPerSec: readonly number[],
  rateLimit: number,
): ConnectionHeadroom {
  const utilisation = connections.map((count) => count / limit);
  const rateUtilisation = newPerSec.map((rate) => rate / rateLimit);
  const average = mean(connections);
  return {
    utilisation,
    worst: Math.max(0, ...utilisation),
    rateUtilisation,
    worstRate: Math.max(0, ...rateUtilisation),
    skewMaxOverMean: average === null || average <= 0 ? null : Math.max(...connections) / average,
  };
}

/** Seconds of traffic that the page cache holds; null without traffic, when what is cached stays. */
export function pageCacheSeconds(
  cachedGiB: number,
  leaderInMiBPerSec: number,
  followerInMiBPerSec: number,
): number | null {
  const writtenMiBPerSec = leaderInMiBPerSec + followerInMiBPerSec;
  return writtenMiBPerSec > 0 ? (cachedGiB * 1024) / writtenMiBPerSec : null;
}
