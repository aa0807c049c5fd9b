// What a check asks the clients to set; the report lists it by topic and group, in the words of each library.
import { settingsFor } from '../../facts/client-settings-asked.ts';
import type { CheckId } from '../../policy/thresholds/index.ts';
import type { RunContext } from '../check.ts';

/** `linger.ms=10, batch.size=65536` for the goal of the run, in Java's names. */
export function advisedLines(id: CheckId, { goal }: Pick<RunContext, 'goal'>): string {
  return settingsFor([id], ['java'], goal)
    .map(({ libraries }) => libraries.java?.line)
    .join(', ');
}
