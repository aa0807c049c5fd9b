// Curves from a measured value to a score of 0..100. Which curve a KPI has is policy (lib/policy/kpi-curves.ts).

/** Lower is better: 90 at `good`, 50 at `bad`, never quite 0 (the curve of Lighthouse's metrics). */
export interface LogNormalCurve {
  kind: 'log-normal';
  good: number;
  bad: number;
}

/** Straight lines between anchors [value, score], flat outside. The order of the values says which way is better. */
export interface PiecewiseCurve {
  kind: 'piecewise';
  anchors: readonly (readonly [value: number, score: number])[];
  /** `log2`: the lines are straight over log2 of the value, for quantities that double. */
  axis: 'linear' | 'log2';
}

export type Curve = LogNormalCurve | PiecewiseCurve;

/** Score 0..100 of a value. */
export function scoreOn(curve: Curve, value: number): number {
  return curve.kind === 'log-normal' ? logNormalScore(value, curve.good, curve.bad) : piecewiseScore(curve, value);
}

/** Inverse error function of 1/5: makes the score at `good` exactly 0.9. */
const INVERSE_ERF_ONE_FIFTH = 0.9061938024368232;

/**
 * Log-normal score 0..100 with 90 at `p10` and 50 at `median` (GoogleChrome/lighthouse, shared/statistics.js). The clamps
 * keep a rounding error of erf from carrying a value over a class border.
 */
export function logNormalScore(value: number, p10: number, median: number): number {
  if (value <= 0) return 100;
  const z = (Math.log(value / median) * INVERSE_ERF_ONE_FIFTH) / -Math.log(p10 / median);
  const share = (1 - erf(z)) / 2;
  if (value <= p10) return 100 * Math.max(0.9, Math.min(1, share));
  if (value <= median) return 100 * Math.max(0.5, Math.min(0.8999999999999999, share));
  return 100 * Math.max(0, Math.min(0.4999999999999999, share));
}

/** Abramowitz and Stegun 7.1.26: absolute error below 1.5e-7. */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

/** Linear interpolation between anchors, in either direction of the values, clamped to the outer scores. */
export function piecewiseScore({ anchors, axis }: Omit<PiecewiseCurve, 'kind'>, value: number): number {
  const along = (x: number) => (axis === 'log2' ? Math.log2(Math.max(x, Number.MIN_VALUE)) : x);
  const points = anchors.map(([x, score]) => [along(x), score] as const).sort((a, b) => a[0] - b[0]);
  const x = along(value);
  const above = points.findIndex(([at]) => at >= x);
  if (above === -1) return points.at(-1)![1];
  const [toX, toScore] = points[above]!;
  if (above === 0 || toX === x) return toScore;
  const [fromX, fromScore] = points[above - 1]!;
  return fromScore + ((x - fromX) * (toScore - fromScore)) / (toX - fromX);
}

/** The curve in words a reader can check: "100 at 40, 90 at 60, 50 at 70, 0 at 90". */
export function describeCurve(curve: Curve): string {
  if (curve.kind === 'log-normal') return `90 at ${curve.good}, 50 at ${curve.bad}, log-normal`;
  const anchors = [...curve.anchors].sort((a, b) => b[1] - a[1]).map(([value, score]) => `${score} at ${value}`);
  return anchors.join(', ') + (curve.axis === 'log2' ? ', straight over log2' : '');
}

/** 100, 90, 50 and 0 at the four values. */
export function piecewise(a: number, b: number, c: number, d: number): PiecewiseCurve {
  return {
    kind: 'piecewise',
    anchors: [
      [a, 100],
      [b, 90],
      [c, 50],
      [d, 0],
    ],
    axis: 'linear',
  };
}

export function logNormal(good: number, bad: number): LogNormalCurve {
  return { kind: 'log-normal', good, bad };
}
