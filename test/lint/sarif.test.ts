// What code scanning takes: the required shape of SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), strict, so that nothing else creeps in.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { renderSarif } from '../../lib/lint/render/sarif.ts';
import { LINT_RULES } from '../../lib/lint/rules/registry.ts';
import { lint } from './linted.ts';

const text = v.strictObject({ text: v.pipe(v.string(), v.minLength(1)) });
const place = v.pipe(v.number(), v.integer(), v.minValue(1));
const level = v.picklist(['none', 'note', 'warning', 'error']);
/** A URI reference: no blank, no quote, no control. */
const uri = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/));
const region = v.strictObject({ startLine: place, startColumn: place, endColumn: place });
const location = v.strictObject({
  physicalLocation: v.strictObject({ artifactLocation: v.strictObject({ uri, index: v.number() }), region }),
});
const SARIF = v.strictObject({
  $schema: v.literal('https://json.schemastore.org/sarif-2.1.0.json'),
  version: v.literal('2.1.0'),
  runs: v.tuple([
    v.strictObject({
      tool: v.strictObject({
        driver: v.strictObject({
          name: v.string(),
          version: v.string(),
          rules: v.array(
            v.strictObject({
              id: v.string(),
              shortDescription: text,
              fullDescription: text,
              help: text,
              helpUri: v.pipe(v.string(), v.url()),
              defaultConfiguration: v.strictObject({ level }),
            }),
          ),
        }),
      }),
      invocations: v.tuple([v.strictObject({ executionSuccessful: v.literal(true) })]),
      columnKind: v.literal('utf16CodeUnits'),
      artifacts: v.array(v.strictObject({ location: v.strictObject({ uri }) })),
      results: v.array(
        v.strictObject({
          ruleId: v.string(),
          ruleIndex: v.number(),
          level,
          message: text,
          locations: v.tuple([location]),
          partialFingerprints: v.record(v.string(), v.string()),
          properties: v.strictObject({ severity: v.string() }),
        }),
      ),
    }),
  ]),
});

function sarif(files: Readonly<Record<string, string>>) {
  return v.parse(SARIF, JSON.parse(renderSarif(lint(files), '1.0.0'))).runs[0];
}

describe('SARIF', () => {
  test('every result has its rule, level, line and column', () => {
    const run = sarif({
      'a/b c.properties': 'buffer.memory=67108864\n  acks=1\nlinger.ms=0',
      'topic.json': '{"topic":"o",\n "configs": {"retention.ms": -1}}',
    });
    const found = run.results.map(
      ({
        ruleId,
        ruleIndex,
        level: how,
        locations: [
          {
            physicalLocation: { artifactLocation, region: at },
          },
        ],
      }) => {
        expect(run.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
        expect(run.artifacts[artifactLocation.index]!.location.uri).toBe(artifactLocation.uri);
        return [artifactLocation.uri, ruleId, how, at.startLine, at.startColumn, at.endColumn];
      },
    );
    expect(found).toEqual([
      ['a/b%20c.properties', 'acks-weak', 'error', 2, 3, 7],
      ['a/b%20c.properties', 'linger-unfit', 'warning', 3, 1, 10],
      ['topic.json', 'retention-unbounded', 'error', 2, 14, 28],
    ]);
  });

  test('all rules are told, findings or not', () => {
    const run = sarif({ 'topic.properties': 'retention.ms=604800000' });
    expect(run.results).toEqual([]);
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(LINT_RULES.map(({ id }) => id));
  });

  test('a finding that moves with its line is the same, two on one key are two', () => {
    const prints = (head: string) =>
      sarif({ 'a.properties': `${head}linger.ms=0\nqueue.buffering.max.messages=1\nlinger.ms=1` }).results.map(
        ({ partialFingerprints }) => partialFingerprints['mskCheckupLint/v1'],
      );
    expect(prints('')).toEqual(prints('# a\n# b\n'));
    expect(new Set(prints('')).size).toBe(prints('').length);
  });

  test.each([
    ['./conf/a.properties', 'conf/a.properties'],
    ['/etc/kafka/a:b.properties', 'file:///etc/kafka/a%3Ab.properties'],
    ['-', 'stdin'],
    ['ä".properties', '%C3%A4%22.properties'],
  ])('the path %s is the URI %s', (path, expected) => {
    expect(sarif({ [path]: 'acks=1\nbuffer.memory=67108864' }).artifacts[0]!.location.uri).toBe(expected);
  });
});
