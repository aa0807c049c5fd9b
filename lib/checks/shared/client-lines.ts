// What to set at the clients, in the words of each library.
import { adviceFor } from '../../facts/client-advice.ts';
import { CLIENT_LIBRARIES, LIBRARY_NAME } from '../../facts/client-libraries.ts';
import type { Evidence, RunContext } from '../check.ts';

/** `linger.ms=10, batch.size=65536` for the goal of the run. */
export function advisedLines(names: readonly string[], { goal }: RunContext): string {
  return linesOf('java', names, goal);
}

function linesOf(
  library: (typeof CLIENT_LIBRARIES)[number],
  names: readonly string[],
  goal: RunContext['goal'],
): string {
  return names
    .flatMap((name) => {
      const advised = adviceFor(library, name, goal);
      return advised === null ? [] : [`${advised.key}=${advised.value}`];
    })
    .join(', ');
}

/** One row a library that has any of the settings (Kafka's names). */
export function clientLines(names: readonly string[], run: RunContext): Evidence {
  return {
    title: `What to set at the clients, goal ${run.goal}`,
    columns: [
      { key: 'library', label: 'Library', as: 'name' },
      { key: 'settings', label: 'Settings', as: 'name' },
    ],
    rows: CLIENT_LIBRARIES.map((library) => ({
      library: LIBRARY_NAME[library],
      settings: linesOf(library, names, run.goal),
    })).filter(({ settings }) => settings !== ''),
    source: "MSK's advice on clients, and each library's own documentation",
  };
}
