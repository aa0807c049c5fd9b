// What is measured, in a process of its own: argv names what and the file of the snapshot, stdout is one line of JSON. The snapshot is
// read before the clock starts, as a run has it when all is collected.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { AnyCheck } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { ARTIFACT_FORMATS, judge, renderArtifacts } from '../../lib/checkup.ts';
import type { Kpi } from '../../lib/kpis/kpi.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import type { Policy } from '../../lib/policy/policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';

/** `cpuMs` is of the main thread: what the wall clock shows where nobody else wants the processor. */
export interface Taken {
  wallMs: number;
  cpuMs: number;
}

export interface MeasuredReport {
  judge: Taken;
  render: Taken;
  sizes: Record<string, [bytes: number, gzipped: number]>;
}

export interface MeasuredParts {
  /** What every check says, with the reading of the run's facts: nothing else of the report. */
  checks: Taken;
  /** After the checks, as in a report: what both need is there already. */
  kpis: Taken;
  /** CPU milliseconds of each check and KPI. What several need is counted where it is needed first. */
  each: Record<string, number>;
}

function timed<T>(work: () => T): [T, Taken] {
  const cpu = process.threadCpuUsage();
  const startedMs = performance.now();
  const result = work();
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.threadCpuUsage(cpu);
  return [result, { wallMs, cpuMs: (user + system) / 1000 }];
}

function measureReport(snapshot: Snapshot, policy: Policy): MeasuredReport {
  const [report, judged] = timed(() => judge({ snapshot, policy, previous: null, runId: 'bench', toolVersion: '0' }));
  const [artifacts, rendered] = timed(() => renderArtifacts(report, ARTIFACT_FORMATS));
  const sizes = artifacts.map(({ name, body }) => [name, [Buffer.byteLength(body), gzipSync(body).length]] as const);
  return { judge: judged, render: rendered, sizes: Object.fromEntries(sizes) as MeasuredReport['sizes'] };
}

/** @param isSplit asks the clock around every check and KPI, which costs a little itself */
function measureParts(snapshot: Snapshot, policy: Policy, isSplit: boolean): MeasuredParts {
  const each: Record<string, number> = {};
  const noted = <R>(id: string, work: () => R): R => {
    const [result, { cpuMs }] = timed(work);
    each[id] = cpuMs;
    return result;
  };
  const checks: readonly AnyCheck[] = !isSplit
    ? CHECKS
    : CHECKS.map((check) => ({
        ...check,
        evaluate: (...args) => noted(check.id, () => check.evaluate(...args)),
      }));
  const kpis: readonly Kpi[] = !isSplit
    ? KPIS
    : KPIS.map((kpi) => ({ ...kpi, read: (...args) => noted(`${kpi.id} ${kpi.name}`, () => kpi.read(...args)) }));
  const clusterIdentity = clusterIdentityOf(snapshot);
  const [run, checked] = timed(() => {
    const context = runContextOf(snapshot, policy);
    runChecks({ snapshot, thresholds: policy.checks, run: context, clusterIdentity, checks });
    return context;
  });
  const [, read] = timed(() => runKpis(snapshot.sections, run, kpis));
  return { checks: checked, kpis: read, each };
}

const [, , what, file = ''] = process.argv;
const snapshot = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'dense' });
// What reading it left behind is not the report's to clean up.
globalThis.gc?.();
const measured = what === 'report' ? measureReport(snapshot, policy) : measureParts(snapshot, policy, what === 'split');
console.log(JSON.stringify(measured));
