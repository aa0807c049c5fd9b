// Runs the subject: the first call of a process of its own, which is how a Lambda and the command line pay it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import type { MeasuredParts, MeasuredReport } from './subject.ts';

interface Measures {
  report: MeasuredReport;
  checks: MeasuredParts;
  split: MeasuredParts;
}

export interface Subject {
  /** `runs` processes, one after the other. */
  measure<W extends keyof Measures>(what: W, runs: number): Measures[W][];
}

export interface Bench {
  of(snapshot: Snapshot): Subject;
  close(): void;
}

/** Bundled and minified as `npm run build` does it: what runs on AWS. */
export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-bench-'));
  const program = join(folder, 'subject.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'subject.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
  });
  return {
    of(snapshot) {
      const file = join(folder, 'snapshot.json');
      writeFileSync(file, JSON.stringify(snapshot));
      return {
        measure: (what, runs) =>
          Array.from({ length: runs }, () => {
            const output = execFileSync(process.execPath, ['--expose-gc', program, what, file], { encoding: 'utf8' });
            return JSON.parse(output);
          }),
      };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
