// A cluster that is being created or deleted has nothing to mend: MSK refuses every update, and what is missing may still come.
import { meaningOfState } from '../../facts/cluster-states.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Outcome } from '../check.ts';

/** Null where the cluster serves clients, or its state is not known. */
export function notServing({ state }: SectionValue<'cluster'>): Outcome | null {
  const meaning = meaningOfState(state);
  return meaning === null || meaning.serving
    ? null
    : { kind: 'no-data', because: `Not judged yet: ${meaning.meaning}.` };
}
