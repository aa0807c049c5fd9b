export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const ordered = values.toSorted((a, b) => a - b);
  const upper = ordered[ordered.length >> 1] ?? Number.NaN;
  const lower = ordered[(ordered.length - 1) >> 1] ?? Number.NaN;
  return { median: (lower + upper) / 2, min: ordered[0] ?? Number.NaN, max: ordered.at(-1) ?? Number.NaN };
}

/** How a figure grows with a size: the slope of the straight line through the logarithms of both. 1 is proportional. */
export function exponentOf(points: readonly { size: number; value: number }[]): number {
  const logs = points.map(({ size, value }) => ({ x: Math.log(size), y: Math.log(value) }));
  const meanX = meanOf(logs.map(({ x }) => x));
  const meanY = meanOf(logs.map(({ y }) => y));
  const covariance = meanOf(logs.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return covariance / meanOf(logs.map(({ x }) => (x - meanX) ** 2));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
