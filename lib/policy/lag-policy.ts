/** How consumer status is judged: shared by the consumer checks and KPIs, so that they never disagree. */
export interface LagPolicy {
  /** Lag below this is never judged. */
  allowedMessages: number;
  /** Lag below this many seconds of the partition's produce rate is never judged. */
  allowedSeconds: number;
  minSamples: number;
  minSpanSec: number;
}
