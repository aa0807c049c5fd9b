// What lies around a cluster and is read once a week, between runs. Whatever is wrong with what was kept, it is as if nothing had been.
import * as v from 'valibot';
import { sectionsSchema } from '../../snapshot/schema.ts';
import type { WeeklyStore } from '../collect-job.ts';
import type { WeeklySections } from './collect-account.ts';

const keptSchema = v.pick(sectionsSchema, ['storageScaling', 'quotas', 'connectors']);

/** Never rejects. */
export async function loadWeekly(store: WeeklyStore | undefined): Promise<WeeklySections> {
  try {
    const kept = v.safeParse(keptSchema, JSON.parse((await store?.load()) ?? '{}'));
    if (!kept.success) return {};
    return Object.fromEntries(Object.entries(kept.output).filter(([, section]) => section !== undefined));
  } catch {
    return {};
  }
}

/** Never rejects: what could not be kept is read again tomorrow. */
export async function saveWeekly(store: WeeklyStore | undefined, sections: WeeklySections): Promise<void> {
  await store?.save(JSON.stringify(sections)).catch(() => {});
}
