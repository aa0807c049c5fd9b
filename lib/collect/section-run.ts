// One collection while it runs: its deadline, what it tells the user, and what failed.
import { type Collected, missing, present } from '../snapshot/collected.ts';
import type { SectionName } from '../snapshot/schema.ts';
import { type AwsCall, missingFrom } from './aws-errors.ts';
import { type AwsFailure, classifyAwsError } from './classify-aws-error.ts';
import { Deadline } from './deadline.ts';
import { IncompleteAnswerError } from './msk/normalise-cluster.ts';

export interface ProgressEvent {
  section: SectionName;
  state: 'reading' | 'read' | 'missing';
  /** Why it is missing, or what of it is. */
  detail?: string | undefined;
}
export type Progress = (event: ProgressEvent) => void;

export class SectionRun {
  /** Aborted at the deadline, or when the caller interrupts. */
  readonly signal: AbortSignal;
  readonly failures = new Map<SectionName, AwsFailure>();
  private readonly now: () => number;
  private readonly progress: Progress;
  private readonly deadline: Deadline;

  /** @param deadlineMs epoch milliseconds by which every section must be there */
  constructor(deadlineMs: number, deps: { now: () => number; progress: Progress; signal?: AbortSignal | undefined }) {
    this.now = deps.now;
    this.progress = deps.progress;
    this.deadline = new Deadline(deadlineMs - deps.now(), deps.signal);
    this.signal = this.deadline.signal;
  }

  /** One section by one AWS action: its value, or why it is missing. Never rejects. */
  async read<T>(
    section: SectionName,
    call: AwsCall,
    read: (signal: AbortSignal) => Promise<{ value: T; partial?: string | undefined }>,
  ): Promise<Collected<T>> {
    this.progress({ section, state: 'reading' });
    try {
      const { value, partial } = await this.untilDeadline(read(this.signal));
      return this.tell(section, present(value, this.now(), partial));
    } catch (error) {
      const failure = classifyAwsError(error);
      this.failures.set(section, failure);
      const isOurs = error instanceof IncompleteAnswerError;
      return this.tell(
        section,
        isOurs ? missing('failed', `${call.action}: ${error.message}`) : missingFrom(failure, call),
      );
    }
  }

  /** A section that needs no call of its own. */
  settle<T>(section: SectionName, collected: Collected<T>): Collected<T> {
    return this.tell(section, collected);
  }

  /** A present section whose value is true now. */
  present<T>(section: SectionName, value: T, partial?: string): Collected<T> {
    return this.tell(section, present(value, this.now(), partial));
  }

  announce(section: SectionName): void {
    this.progress({ section, state: 'reading' });
  }

  /** Settles with the promise, or rejects when the run is over: a source that ignores the signal must not hold it. */
  untilDeadline<T>(promise: Promise<T>): Promise<T> {
    return this.deadline.until(promise);
  }

  release(): void {
    this.deadline.release();
  }

  private tell<T>(section: SectionName, collected: Collected<T>): Collected<T> {
    const detail = collected.ok ? collected.partial : collected.detail;
    this.progress({ section, state: collected.ok ? 'read' : 'missing', ...(detail === undefined ? {} : { detail }) });
    return collected;
  }
}
