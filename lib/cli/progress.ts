// Progress of a collection on stderr: one line a section when it is done, and on a terminal what is being read meanwhile.
import type { Progress } from '../collect/section-run.ts';
import { oneLine } from './errors.ts';
import type { Io } from './io.ts';

const CLEAR_LINE = '\r\u001b[2K';

export interface ProgressView {
  onEvent: Progress;
  /** Removes the line under way; before the result or an error. */
  clear(): void;
}

export function createProgress(io: Io): ProgressView {
  const running = new Set<string>();
  const clear = () => {
    if (io.interactive) io.err(CLEAR_LINE);
  };
  return {
    onEvent({ section, state, detail }) {
      clear();
      if (state === 'reading') {
        running.add(section);
      } else {
        running.delete(section);
        const outcome =
          state === 'read' ? (detail === undefined ? 'read' : `partly: ${detail}`) : `missing: ${detail ?? ''}`;
        io.err(`  ${section.padEnd(18)} ${oneLine(outcome)}\n`);
      }
      if (io.interactive && running.size > 0) io.err(`  reading ${[...running].join(', ')} ...`.slice(0, 79));
    },
    clear,
  };
}
