import type { Metafile } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { METRIC_NAMESPACE, METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { slimCatalogue } from '../../scripts/build/plugins.ts';
import { runBytes, violations } from '../../scripts/build/run-bytes.ts';

type Output = Metafile['outputs'][string];

function output(bytes: number, more: Partial<Output> = {}): Output {
  return { bytes, inputs: {}, imports: [], exports: [], ...more };
}

function lazily(path: string): Output['imports'][number] {
  return { path, kind: 'dynamic-import' };
}

const bundle = { name: 'report', maxBytes: 700_000 };

describe('the build', () => {
  test('counts what a daily run loads: lazy chunks too, but not the credential sources of a workstation', () => {
    const outputs = {
      'dist/index.mjs': output(100, {
        entryPoint: 'functions/report.ts',
        imports: [
          { path: 'dist/chunks/a.mjs', kind: 'import-statement' },
          lazily('dist/chunks/kafka.mjs'),
          lazily('dist/chunks/sso.mjs'),
        ],
      }),
      'dist/chunks/a.mjs': output(10),
      'dist/chunks/kafka.mjs': output(5, { entryPoint: 'node_modules/@aws-sdk/client-kafka/dist-es/index.js' }),
      'dist/chunks/sso.mjs': output(1000, {
        entryPoint: 'node_modules/@aws-sdk/credential-provider-sso/dist-es/index.js',
      }),
    };
    expect(runBytes({ inputs: {}, outputs })).toEqual({ bytes: 115, catalogue: 0, entries: 0, total: 1115 });
  });

  test('refuses a bundle above its budget', () => {
    const outputs = { 'dist/index.mjs': output(700_001, { entryPoint: 'functions/report.ts' }) };
    expect(violations(bundle, { inputs: {}, outputs })).toEqual([
      'report: 700 kB loaded by a daily run, allowed 700 kB',
    ]);
  });

  test('refuses a catalogue whose checks and KPIs have grown fat, and counts it beside the frame', () => {
    const inputs = {
      'lib/checks/capacity/cpu-high.ts': { bytesInOutput: 5_000 },
      'lib/checks/shared/money.ts': { bytesInOutput: 2_500 },
      'lib/kpis/cpu-utilisation.ts': { bytesInOutput: 800 },
      'lib/kpis/reading.ts': { bytesInOutput: 200 },
      'lib/checkup.ts': { bytesInOutput: 300 },
    };
    const metafile = {
      inputs: {},
      outputs: { 'dist/index.mjs': output(9_000, { entryPoint: 'functions/report.ts', inputs }) },
    };
    expect(runBytes(metafile)).toEqual({ bytes: 500, catalogue: 8_500, entries: 2, total: 9_000 });
    expect(violations({ ...bundle, maxBytesPerEntry: 4_250 }, metafile)).toEqual([]);
    expect(violations({ ...bundle, maxBytesPerEntry: 4_000 }, metafile)).toEqual([
      'report: 9 kB for 2 checks and KPIs, allowed 8 kB',
    ]);
  });

  test('refuses an AWS client in the collector, which could only hang on it', () => {
    const inputs = { 'node_modules/@aws-sdk/client-sts/dist-es/index.js': { bytesInOutput: 1 } };
    const outputs = { 'dist/index.mjs': output(10, { entryPoint: 'functions/collect-kafka.ts', inputs }) };
    const collector = {
      name: 'collector',
      maxBytes: 320_000,
      forbidden: { pattern: /@aws-sdk\/client-/, because: 'no route' },
    };
    expect(violations(collector, { inputs: {}, outputs })).toEqual([
      'collector: contains node_modules/@aws-sdk/client-sts/dist-es/index.js; no route',
    ]);
  });

  test('leaves of the metric catalogue all that is asked and read by, and none of its prose', async () => {
    const bundled = await import(`data:text/javascript,${encodeURIComponent(slimCatalogue())}`);
    const rows = Object.entries<MetricDefinition>(METRICS).map(([key, row]) => {
      const { meaning: _meaning, source: _source, unverified: _unverified, ...rest } = row;
      return [key, rest] as const;
    });
    expect(Object.entries(bundled.METRICS)).toEqual(rows);
    expect(bundled.METRIC_NAMESPACE).toBe(METRIC_NAMESPACE);
  });
});
