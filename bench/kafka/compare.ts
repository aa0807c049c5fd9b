// Our collector against its peers: whole processes, one after the other in turn, with the same rows in the end or no result at all.
import type { MeasuredRun, Program } from './measure/process.ts';
import { runMeasured } from './measure/process.ts';
import { type Spread, spreadOf } from './measure/statistics.ts';
import { differenceOf, type LagTable } from './measure/tables.ts';

export interface Client {
  name: string;
  program: Program;
  readTable(stdout: string): LagTable;
}

/** Null for what one of both does not tell. */
export type Ratios = Record<Figure, Spread | null>;
export type Figure = keyof MeasuredRun;

export interface Comparison {
  rows: number;
  runs: Record<string, MeasuredRun[]>;
  /** Rival's figure by ours, run by run. */
  ratios: Record<string, Ratios>;
}

/** The rows of two clients differ: whatever their times are, they did not do the same work. */
export class VoidComparisonError extends Error {
  override name = 'VoidComparisonError';
}

export interface ComparisonPlan {
  ours: Client;
  rivals: readonly Client[];
  runs: number;
  folder: string;
  say: (line: string) => void;
}

/** The first round warms up the brokers and the file cache, and is not counted. */
export async function compare({ ours, rivals, runs, folder, say }: ComparisonPlan): Promise<Comparison> {
  const clients = [ours, ...rivals];
  const counted: Record<string, MeasuredRun[]> = Object.fromEntries(clients.map(({ name }) => [name, []]));
  let expected: LagTable | null = null;
  for (let round = 0; round <= runs; round++) {
    for (let turn = 0; turn < clients.length; turn++) {
      const client = clients[(round + turn) % clients.length]!;
      const { run, stdout } = await runMeasured(client.program, folder);
      const table = client.readTable(stdout);
      expected ??= table;
      const difference = differenceOf(expected, table);
      if (difference !== null) throw new VoidComparisonError(`${client.name}, round ${round}: ${difference}`);
      if (round > 0) counted[client.name]?.push(run);
    }
    say(round === 0 ? 'warmed up' : `round ${round} of ${runs}: ${timesOf(counted)}`);
  }
  const ratios = rivals.map(({ name }) => [name, ratiosOf(counted[name] ?? [], counted[ours.name] ?? [])] as const);
  return { rows: expected?.length ?? 0, runs: counted, ratios: Object.fromEntries(ratios) };
}

function timesOf(counted: Record<string, MeasuredRun[]>): string {
  return Object.entries(counted)
    .map(([name, runs]) => `${name} ${Math.round(runs.at(-1)?.wallMs ?? 0)} ms`)
    .join(', ');
}

function ratiosOf(rival: readonly MeasuredRun[], ours: readonly MeasuredRun[]): Ratios {
  const of = (figure: Figure): Spread | null => {
    const ratios = rival.map((run, index) => (run[figure] ?? Number.NaN) / (ours[index]?.[figure] ?? Number.NaN));
    return ratios.some(Number.isNaN) ? null : spreadOf(ratios);
  };
  return {
    wallMs: of('wallMs'),
    cpuMs: of('cpuMs'),
    peakRssMb: of('peakRssMb'),
    collectMs: of('collectMs'),
    collectCpuMs: of('collectCpuMs'),
  };
}
