// What a run keeps for the next ones because it changes seldom or costs money. Whatever is wrong with what was kept, it is as if nothing
// had been.
import * as v from 'valibot';
import { sectionsSchema } from '../../snapshot/schema.ts';

const keptSchema = v.partial(
  v.strictObject({
    ...v.pick(sectionsSchema, ['storageScaling', 'quotas', 'connectors']).entries,
    /** Names that CloudWatch ranked where the brokers could not: `metrics` is the most that the ranking was billed for. */
    ranking: v.strictObject({
      atMs: v.number(),
      metrics: v.number(),
      isTruncated: v.boolean(),
      pairs: v.array(v.strictObject({ groupId: v.string(), topic: v.string() })),
      topics: v.array(v.string()),
    }),
  }),
);

type Kept = v.InferOutput<typeof keptSchema>;
export type KeptRanking = NonNullable<Kept['ranking']>;

/** Where what is read once a week lies between runs, as one text. Both may reject: it is then read again. */
export interface WeeklyStore {
  /** Null when nothing is kept. */
  load(): Promise<string | null>;
  save(text: string): Promise<void>;
}

/** Read once a run. Nothing rejects: what could not be kept is read again tomorrow. */
export class Shelf {
  readonly kept: Promise<Kept>;
  /** Settles when all that was put here is written. */
  saved = Promise.resolve();
  private readonly store: WeeklyStore | undefined;
  private readonly added: Kept = {};

  constructor(store: WeeklyStore | undefined) {
    this.store = store;
    this.kept = load(store);
  }

  /** Written at once, one after the other: each time all that is kept. */
  put(added: Kept): void {
    Object.assign(this.added, added);
    this.saved = this.saved.then(async () => {
      await this.store?.save(JSON.stringify({ ...(await this.kept), ...this.added })).catch(() => {});
    });
  }
}

async function load(store: WeeklyStore | undefined): Promise<Kept> {
  try {
    const kept = v.safeParse(keptSchema, JSON.parse((await store?.load()) ?? '{}'));
    return kept.success ? kept.output : {};
  } catch {
    return {};
  }
}
