import type { SandboxAws } from '../aws/aws.ts';
import type { BackdateOptions } from '../bridge/store.ts';
import type { KafkaCluster } from '../kafka/cluster.ts';
import type { Profile } from '../workload/shapes.ts';
import type { Workload } from '../workload/workload.ts';

/** What a fault may act on. */
export interface FaultTarget {
  cluster: KafkaCluster;
  profile: Profile;
  /** Null in the profile without topics. */
  workload: Workload | null;
  /** Null when the sandbox runs without the AWS side. */
  aws: SandboxAws | null;
  /** Declares the size of each broker's volume, which disk use is a share of. */
  declareVolume: (bytes: number) => void;
  log: (line: string) => void;
}

export interface Fault {
  name: string;
  /** What it does, for the list that the command line prints. */
  summary: string;
  /** The checks of the report that must turn. */
  trips: string[];
  /**
   * What CloudWatch would hold had the fault lasted for that long: some rules want minutes of persistence. The bridge writes these
   * points and labels them as back-dated.
   */
  persistence?: BackdateOptions[];
  /** Does it on the real cluster, waits until it shows, and answers how it is undone. */
  inject(target: FaultTarget): Promise<() => Promise<void>>;
}

/** Does the fault; what was done of one that fails on the way is undone, because `heal` does not know of it. */
export async function orUndo(undo: () => Promise<void>, work: () => Promise<unknown>): Promise<() => Promise<void>> {
  try {
    await work();
    return undo;
  } catch (error) {
    await undo().catch(() => {});
    throw error;
  }
}

export class FaultNotPossible extends Error {
  override name = 'FaultNotPossible';
}

export function requireAllBrokers({ cluster }: FaultTarget): void {
  const gone = cluster.brokers.filter(({ alive }) => !alive).map(({ id }) => id);
  if (gone.length === 0) return;
  throw new FaultNotPossible(`this fault needs every broker, and ${gone.join(', ')} is down; heal first`);
}

export function requireTraffic(target: FaultTarget): Workload {
  if (target.workload === null || target.profile === 'idle') {
    throw new FaultNotPossible(
      `this fault needs a workload with traffic; profile ${target.profile} has none (use demo or healthy)`,
    );
  }
  return target.workload;
}
