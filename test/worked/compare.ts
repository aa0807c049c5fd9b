// Holds an answer against the expected one of a worked example.

export interface Difference {
  /** Path of the first field that differs: `[2].score`. */
  field: string;
  expected: unknown;
  got: unknown;
}

/** The first difference, or null. Numbers may be apart by the tolerance (absolute); fields beyond the expected ones do not matter. */
export function firstDifference(expected: unknown, got: unknown, tolerance: number, field = ''): Difference | null {
  const differs = { field: field === '' ? '(answer)' : field, expected, got };
  if (typeof expected === 'number') {
    return typeof got === 'number' && Math.abs(got - expected) <= tolerance ? null : differs;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return differs;
    return first(expected.map((item, i) => () => firstDifference(item, got[i], tolerance, `${field}[${i}]`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof got !== 'object' || got === null) return differs;
    return first(
      Object.entries(expected).map(
        ([key, value]) =>
          () =>
            firstDifference(
              value,
              (got as Record<string, unknown>)[key],
              tolerance,
              field === '' ? key : `${field}.${key}`,
            ),
      ),
    );
  }
  return Object.is(expected, got) ? null : differs;
}

function first(comparisons: readonly (() => Difference | null)[]): Difference | null {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== null) return difference;
  }
  return null;
}
