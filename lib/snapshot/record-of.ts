import * as v from 'valibot';

type RecordOf<S extends v.GenericSchema> = v.RecordSchema<v.StringSchema<undefined>, S, undefined>;

/**
 * A record by names from outside. valibot's own drops the keys `__proto__`, `prototype` and `constructor` in silence, and
 * all three are legal topic names. Entries are defined, not assigned: nothing reaches a prototype.
 */
export function recordOf<S extends v.GenericSchema>(value: S): RecordOf<S> {
  const base = v.record(v.string(), value);
  const run: RecordOf<S>['~run'] = (dataset, config) => {
    const input: unknown = dataset.value;
    // valibot would take a list for a record of numbered names.
    if (Array.isArray(input)) return base['~run']({ typed: false, value: null }, config);
    if (typeof input !== 'object' || input === null) return base['~run'](dataset, config);
    const issues = [...(dataset.issues ?? [])] as v.InferIssue<RecordOf<S>>[];
    let typed = true;
    const entries = Object.entries(input).map(([key, raw]) => {
      const read = value['~run']({ value: raw }, config);
      typed &&= read.typed;
      for (const issue of read.issues ?? []) issues.push(issueAt(issue, input, key, raw) as (typeof issues)[number]);
      return [key, read.value] as const;
    });
    const output = { ...dataset, typed, value: Object.fromEntries(entries) };
    return (issues.length > 0 ? { ...output, issues } : output) as ReturnType<RecordOf<S>['~run']>;
  };
  return { ...base, '~run': run };
}

function issueAt(issue: v.BaseIssue<unknown>, input: object, key: string, value: unknown): v.BaseIssue<unknown> {
  const item = { type: 'object', origin: 'value', input: input as Record<string, unknown>, key, value } as const;
  return { ...issue, path: [item, ...(issue.path ?? [])] };
}
