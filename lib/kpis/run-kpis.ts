// Reads the KPIs over a snapshot's sections and scores them. One result for every KPI, always: a KPI that throws is our bug, not the
// cluster's, and becomes a missing one.
import { withTopology } from '../analysis/msk-topology.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { curveOf } from '../policy/kpi-curves.ts';
import { STAND_INS } from '../policy/weights.ts';
import { missing } from '../snapshot/collected.ts';
import type { SectionName, Sections } from '../snapshot/schema.ts';
import { type Curve, describeCurve, scoreOn } from './curves.ts';
import type { Kpi, KpiReading, KpiResult } from './kpi.ts';
import { KPIS } from './registry.ts';

/** Results in the order of the registry. */
export function runKpis(read: Sections, run: RunContext, kpis: readonly Kpi[] = KPIS): KpiResult[] {
  const sections = withTopology(read);
  const readings = new Map(kpis.map((kpi) => [kpi.id, readingOf(kpi, sections, run)]));
  return kpis.map((kpi) => {
    const reading = readings.get(kpi.id)!;
    const standIn = STAND_INS[kpi.id];
    const steppedIn = standIn !== undefined && isMissing(readings.get(standIn.whenMissing));
    return scored(kpi, reading, steppedIn ? standIn.weight : kpi.weight, run);
  });
}

function readingOf(kpi: Kpi, sections: Sections, run: RunContext): KpiReading {
  if (curveOf(kpi.id, run.environment, run.goal) === null) {
    return { state: 'not-applicable', because: `not judged in ${run.environment}` };
  }
  try {
    const reading = kpi.read(inputsOf(kpi, sections), run);
    if (reading.state === 'ok' && !Number.isFinite(reading.value)) {
      return { state: 'error', because: `${kpi.name} gave no finite number` };
    }
    return reading;
  } catch (error) {
    return { state: 'error', because: `${kpi.name} failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function inputsOf(kpi: Kpi, sections: Sections): Inputs<never, SectionName> {
  const absent = missing('not-requested', 'this run did not ask for it');
  return Object.fromEntries(kpi.mayUse.map((name) => [name, sections[name] ?? absent])) as Inputs<never, SectionName>;
}

function isMissing(reading: KpiReading | undefined): boolean {
  return reading !== undefined && reading.state !== 'ok' && reading.state !== 'not-applicable';
}

function scored(kpi: Kpi, reading: KpiReading, baseWeight: number, run: RunContext): KpiResult {
  const { id, name, title, category, unit } = kpi;
  const curve = curveOf(id, run.environment, run.goal);
  const score = reading.state === 'ok' && curve !== null ? scoreOn(curve, reading.value) : null;
  const weight = baseWeight * (run.weights.kpis[id] ?? 1);
  return {
    id,
    name,
    title,
    category,
    unit,
    reading,
    score,
    status: statusOf(reading, score),
    weight: reading.state === 'not-applicable' ? 0 : reading.state === 'ok' ? weight * reading.confidence : weight,
    curve: curveText(curve),
  };
}

function statusOf(reading: KpiReading, score: number | null): KpiResult['status'] {
  if (reading.state === 'not-applicable') return 'not-applicable';
  if (score === null) return 'missing';
  // 90 and 50 are the control points of every curve.
  return score >= 90 ? 'good' : score >= 50 ? 'ok' : 'bad';
}

function curveText(curve: Curve | null): string {
  return curve === null ? 'not judged in this environment' : describeCurve(curve);
}
