// What a KPI is: one number about a cluster with a curve to 0..100. KPIs make the score; checks act on it only through caps.
import type { Inputs, RunContext } from '../checks/check.ts';
import type { SectionName } from '../snapshot/schema.ts';
import type { Unit } from '../text/units.ts';
import type { Category } from './category.ts';

export { CATEGORIES, type Category } from './category.ts';

/** Why a KPI has no value; never scored as 0 or 100. */
export type MissingState =
  | 'level-not-enabled'
  | 'no-permission'
  | 'no-network'
  | 'no-data'
  | 'insufficient-history'
  | 'error';

export type KpiReading =
  | {
      state: 'ok';
      value: number;
      /** Multiplies the KPI's weight: 1 direct, 0.5 one look instead of a series, 0.6 proxy, 0.7 thin series. */
      confidence: number;
      /** How the number was made: source, statistic, window, completeness. */
      source: string;
      /** Which resource is the worst, when the value is of one. */
      worst?: string;
    }
  | { state: 'not-applicable'; because: string }
  | { state: MissingState; because: string };

export interface Kpi<N extends SectionName = SectionName> {
  id: string;
  name: string;
  title: string;
  category: Category;
  /** Weight inside its category, before goal multipliers. */
  weight: number;
  unit: Unit;
  /** Sections it may read; each arrives as Collected. */
  mayUse: readonly N[];
  read(inputs: Inputs<never, N>, run: RunContext): KpiReading;
}

export interface KpiResult {
  id: string;
  name: string;
  title: string;
  category: Category;
  unit: Unit;
  reading: KpiReading;
  /** 0..100, null when the reading has no value. */
  score: number | null;
  status: 'good' | 'ok' | 'bad' | 'missing' | 'not-applicable';
  /** Weight after goal multipliers and confidence; 0 when not applicable. */
  weight: number;
  /** The curve that scored it, in words a reader can check: "100 at 40, 90 at 60, 50 at 70, 0 at 90". */
  curve: string;
}

/** Identity function that infers the sections, so that reading an undeclared one does not compile. */
export function defineKpi<const N extends SectionName>(kpi: Kpi<N>): Kpi<N> {
  return kpi;
}
