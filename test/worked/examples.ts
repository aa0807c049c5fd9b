// The file of worked examples, and what comes out of each.
import * as v from 'valibot';
import { ALGORITHMS } from './algorithms.ts';
import { firstDifference } from './compare.ts';

const fileSchema = v.object({
  examples: v.array(
    v.object({
      id: v.string(),
      algorithm: v.string(),
      inputs: v.unknown(),
      expected: v.unknown(),
      /** Absolute, for every number of the answer. */
      tolerance: v.pipe(v.number(), v.minValue(0)),
    }),
  ),
});
export type Example = v.InferOutput<typeof fileSchema>['examples'][number];

/** Throws with one line on anything but a file of worked examples. */
export function parseExamples(text: string): Example[] {
  const parsed = v.safeParse(fileSchema, JSON.parse(text));
  if (parsed.success) return parsed.output.examples;
  const issue = parsed.issues[0];
  throw new Error(`${v.getDotPath(issue) ?? 'file'}: ${issue.message}`);
}

/** `E01 ok`, `E01 differs: field, expected 1, got 2` or `E01 missing: algorithm`. */
export function verdictOf({ id, algorithm, inputs, expected, tolerance }: Example): { line: string; isOk: boolean } {
  if (!Object.hasOwn(ALGORITHMS, algorithm)) return { line: `${id} missing: ${algorithm}`, isOk: false };
  let answer: unknown;
  try {
    answer = ALGORITHMS[algorithm]!(inputs as never);
  } catch (error) {
    return { line: `${id} differs: (answer), expected one, got ${String(error)}`, isOk: false };
  }
  const difference = firstDifference(expected, answer, tolerance);
  if (difference === null) return { line: `${id} ok`, isOk: true };
  const show = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  const { field, expected: wanted, got } = difference;
  return { line: `${id} differs: ${field}, expected ${show(wanted)}, got ${show(got)}`, isOk: false };
}
