// Stores between runs save a question to AWS. None of them may cost the report its time: each word of theirs is waited for a moment only.
import type { CollectSources } from './collect-job.ts';
import { Deadline } from './deadline.ts';

const PATIENCE_MS = 5_000;

/** The same sources, whose stores answer within five seconds, and before the run is over, or not at all. */
export function withPatientStores(sources: CollectSources, runIsOver: AbortSignal): CollectSources {
  const patiently = async <T>(asked: Promise<T>): Promise<T> => {
    const deadline = new Deadline(PATIENCE_MS, runIsOver);
    try {
      return await deadline.until(asked);
    } finally {
      deadline.release();
    }
  };
  const { hours, weekly, prices } = sources;
  const cache = prices?.cache;
  const nothingKept = { history: new Map(), notices: ['the hours of earlier runs could not be read in time'] };
  return {
    ...sources,
    hours: hours && {
      load: () => patiently(hours.load()).catch(() => nothingKept),
      store: (added) => patiently(hours.store(added)),
    },
    weekly: weekly && {
      load: () => patiently(weekly.load()),
      save: (text) => patiently(weekly.save(text)),
    },
    prices: prices && {
      ...prices,
      cache: cache && {
        load: (region) => patiently(cache.load(region)),
        save: (region, text) => patiently(cache.save(region, text)),
      },
    },
  };
}
