// One collection: what was asked for, where it may be read, and how far it is.
import type { HourlyHistory } from '../history/hourly.ts';
import type { AccountReaders } from './account/collect-account.ts';
import type { Shelf, WeeklyStore } from './account/weekly-sections.ts';
import type { CloudWatchReader } from './cloudwatch/cloudwatch-reader.ts';
import type { KafkaPlan } from './kafka/plan.ts';
import type { ReadKafka } from './kafka-stage.ts';
import type { MskAuth } from './msk/bootstrap.ts';
import type { MskReader } from './msk/msk-reader.ts';
import type { AzIdsOf } from './msk/read-nodes.ts';
import type { BillReader } from './prices/bill-reader.ts';
import type { PriceSources } from './prices/collect-prices.ts';
import type { Progress, SectionRun } from './section-run.ts';

/** The report window W of every report (rules of judging rest on a day). */
export const REPORT_WINDOW_HOURS = 24;

export type CollectTarget =
  /** `auth` chooses the bootstrap string; without it the first one that the cluster offers. `isPublic`: over the internet only. */
  | { kind: 'msk'; clusterArn: string; auth?: MskAuth | undefined; isPublic?: boolean | undefined }
  | { kind: 'kafka'; bootstrap: readonly string[]; name?: string | undefined };

export interface CollectOptions {
  target: CollectTarget;
  /** Length of the report window; it ends at the last full minute before `nowMs`. */
  windowHours: number;
  nowMs: number;
  /** Epoch milliseconds by which the snapshot must be there. */
  deadlineMs: number;
  toolVersion: string;
  kafkaPlan: KafkaPlan;
  /** The AWS profile in use, for the command that renews its login. */
  profile?: string | undefined;
}

/** Where to read from; a source that is absent is not asked, and its sections are absent too. */
export interface CollectSources {
  msk?: MskReader | undefined;
  cloudwatch?: CloudWatchReader | undefined;
  account?: AccountReaders | undefined;
  /** Asked only where Kafka does not tell the brokers' zones. */
  subnetZones?: AzIdsOf | undefined;
  /** Absent: the dated prices that ship with the product. */
  prices?: PriceSources | undefined;
  /** Opt-in: each question costs money. */
  openBill?: ((endpointRegion: string) => Promise<BillReader>) | undefined;
  hours?: HourStore | undefined;
  weekly?: WeeklyStore | undefined;
  readKafka?: ReadKafka | undefined;
  progress?: Progress | undefined;
  /** Clock of `asOfMs` and the deadline. */
  now?: (() => number) | undefined;
  /** Interrupts the collection: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The hours of the last four weeks that earlier runs have left. */
export interface HourStore {
  /** Never rejects; `notices` are for the reader of the report. */
  load(): Promise<{ history: HourlyHistory; notices: string[] }>;
  store(added: HourlyHistory): Promise<void>;
}

export interface Job {
  options: CollectOptions;
  sources: CollectSources;
  run: SectionRun;
  window: { startMs: number; endMs: number };
  now: () => number;
  /** Asked for at the start: nothing it depends on has to be read first. */
  storedHours: ReturnType<HourStore['load']> | undefined;
  /** What earlier runs have kept, and what this one adds. */
  shelf: Shelf;
}
