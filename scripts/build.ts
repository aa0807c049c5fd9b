// `npm run build`: the two Lambda bundles and the command line, with the sizes the design allows them.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { CHECKS } from '../lib/checks/registry.ts';
import { METRIC_NAMESPACE, METRICS, type MetricDefinition } from '../lib/facts/metric-catalogue.ts';
import { KPIS } from '../lib/kpis/registry.ts';
import { THRESHOLD_TABLE } from '../lib/policy/thresholds/index.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

interface Bundle {
  name: string;
  entry: string;
  outdir: string;
  outName: string;
  /** Of the entry and every chunk the daily run loads, the catalogue of checks and KPIs aside (docs/decisions/0010). */
  maxBytes: number | null;
  /** Of the catalogue: as many times as there are checks and KPIs. */
  maxBytesPerEntry?: number;
  /** One file for what has no lazy part: unused dynamic imports then leave with the code that names them. */
  splitting: boolean;
  /** An input that must not be in it. */
  forbidden?: { pattern: RegExp; because: string };
}

/** docs/decisions/0010. */
const REPORT_FRAME_BYTES = 570_000;
const ENTRY_BYTES = 4_800;
/** All that a daily run of the report function may load. */
export const REPORT_RUN_BYTES = REPORT_FRAME_BYTES + ENTRY_BYTES * (CHECKS.length + KPIS.length);

const BUNDLES: readonly Bundle[] = [
  {
    name: 'report function',
    entry: 'functions/report.ts',
    outdir: 'dist/functions/report',
    outName: 'index',
    maxBytes: REPORT_FRAME_BYTES,
    maxBytesPerEntry: ENTRY_BYTES,
    splitting: true,
  },
  {
    name: 'Kafka collector function',
    entry: 'functions/collect-kafka.ts',
    outdir: 'dist/functions/collect-kafka',
    outName: 'index',
    maxBytes: 320_000,
    splitting: false,
    forbidden: {
      pattern: /node_modules\/@aws-sdk\/client-/,
      because: 'the collector has no route to an AWS API: a call would hang until its deadline',
    },
  },
  {
    name: 'command line',
    entry: 'lib/cli/main.ts',
    outdir: 'dist/cli',
    outName: 'main',
    maxBytes: null,
    splitting: true,
  },
];

/** The pages of the checks travel inside the bundle: there are no files beside it. */
const checkPages: Plugin = {
  name: 'check-pages',
  setup(setup) {
    setup.onLoad({ filter: /lib[\\/]cli[\\/]check-pages\.ts$/ }, () => ({
      loader: 'ts',
      contents: `const pages: Record<string, string> = ${JSON.stringify(readPages())};
        export function readCheckPage(area: string, id: string): string | null { return pages[area + '/' + id] ?? null; }`,
    }));
  },
};

/**
 * A client that is loaded lazily comes whole, with every command it has: esbuild shakes static imports only. So the lazy import gets a
 * module of its own that imports statically what its importer names. A name that the client does not export fails the build.
 */
const lazyClients: Plugin = {
  name: 'lazy-clients',
  setup(setup) {
    setup.onResolve({ filter: /^@aws-sdk\/client-/ }, ({ kind, path, importer }) =>
      kind === 'dynamic-import'
        ? { path, namespace: 'lazy-client', pluginData: importer, suffix: `?${relative(ROOT, importer)}` }
        : null,
    );
    setup.onLoad({ filter: /.*/, namespace: 'lazy-client' }, ({ path, pluginData }) => {
      const source = readFileSync(pluginData as string, 'utf8');
      const names = new Set(source.match(/\b[A-Z]\w+(?:Client|Command)\b/g));
      return { contents: `export { ${[...names].join(', ')} } from '${path}';`, resolveDir: ROOT };
    });
  },
};

/**
 * What keeps unused code of a client alive. Its schemas name their keys by constants (`{ [_jN]: _arn }`): a computed key may run code,
 * for all esbuild knows, so it keeps the schema of every command; written out, it keeps those of the commands in use. And every
 * error class is registered; without that an error still comes as the client's base exception under its own name, which is all we look at.
 */
const slimSchemas: Plugin = {
  name: 'slim-schemas',
  setup(setup) {
    setup.onLoad({ filter: /client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const constants = new Map(
        Array.from(source.matchAll(/^const (_\w+) = (".*");$/gm), ([, name, text]) => [name, text]),
      );
      return {
        contents: source
          .replace(/\[(_\w+)\]:/g, (whole, name) => (constants.has(name) ? `${constants.get(name)}:` : whole))
          .replace(/^n0_registry\.registerError\(.*\);$/gm, ''),
      };
    });
  },
};

/** Of its own manifest a client reads the version alone, for its user agent, and so does this tool; bundled, they would come whole. */
const slimManifests: Plugin = {
  name: 'slim-manifests',
  setup(setup) {
    setup.onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      if (path !== join(ROOT, 'package.json') && !/@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/.test(path))
        return null;
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
      return { loader: 'json', contents: JSON.stringify({ version }) };
    });
  },
};

/**
 * Of the metric catalogue a run needs only what it asks and reads by: what a metric means and where that is written is for people and
 * for tests, and half of the catalogue's text. Like every data file it is plain JSON when it has been evaluated.
 */
export function slimCatalogue(): string {
  const shared: string[] = [];
  const index = (value: unknown): number => {
    const text = JSON.stringify(value);
    return shared.includes(text) ? shared.indexOf(text) : shared.push(text) - 1;
  };
  const rows = Object.entries<MetricDefinition>(METRICS).map(([key, row]) => {
    const { name, statistic, dimensions, kinds, unit, periodSec, level, readBy, ...rest } = row;
    const { meaning: _meaning, source: _source, unverified: _unverified, ...more } = rest;
    const same = { periodSec, level, ...more };
    return `${key}:row(${JSON.stringify(name)},${[statistic, dimensions, kinds, unit, same, readBy].map(index).join()})`;
  });
  return `const shared = [${shared.join()}];
    const row = (name, statistic, dimensions, kinds, unit, more, readBy) => ({ name, statistic: shared[statistic],
      dimensions: shared[dimensions], kinds: shared[kinds], unit: shared[unit], ...shared[more], readBy: shared[readBy] });
    export const METRIC_NAMESPACE = ${JSON.stringify(METRIC_NAMESPACE)};
    export const METRICS = {${rows.join()}};`;
}

/** Of the thresholds, the reasons are for the reader of a policy file; a report takes the numbers. */
const slimThresholds: Plugin = {
  name: 'thresholds',
  setup(setup) {
    setup.onLoad({ filter: /lib[\\/]policy[\\/]thresholds[\\/]index\.ts$/ }, () => ({
      loader: 'js',
      contents: `export const THRESHOLD_TABLE = ${JSON.stringify(THRESHOLD_TABLE, (key, value) => (key === 'because' ? undefined : value))};`,
    }));
  },
};

const metricCatalogue: Plugin = {
  name: 'metric-catalogue',
  setup(setup) {
    setup.onLoad({ filter: /lib[\\/]facts[\\/]metric-catalogue\.ts$/ }, () => ({
      loader: 'js',
      contents: slimCatalogue(),
    }));
  },
};

/**
 * Modules of the SDK that nothing here reaches, with what takes their place: the decoder of event streams, which no command in use has,
 * and hashes in JavaScript, for a Node that has none of its own. What is used all the same says so.
 */
const UNREACHED: readonly { filter: RegExp; names: readonly string[]; more?: string }[] = [
  {
    filter: /^@smithy\/core\/event-streams$/,
    names: ['eventStreamSerdeProvider', 'EventStreamSerde'],
    more: 'export const resolveEventStreamSerdeConfig = (config) => config;',
  },
  { filter: /^\.\/(Sha256|Sha1|Md5)Js$/, names: ['Sha256Js', 'Sha1Js', 'Md5Js'] },
];

const leaveOut: Plugin = {
  name: 'leave-out',
  setup(setup) {
    for (const [index, { filter, names, more = '' }] of UNREACHED.entries()) {
      const namespace = `left-out-${index}`;
      setup.onResolve({ filter }, ({ path }) => ({ path, namespace }));
      const refusal = (name: string) =>
        `export function ${name}() { throw new Error('${name} is left out of the bundle'); }`;
      setup.onLoad({ filter: /.*/, namespace }, () => ({ contents: [...names.map(refusal), more].join('\n') }));
    }
  },
};

function readPages(): Record<string, string> {
  const folder = join(ROOT, 'lib/checks');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));
  return Object.fromEntries(
    pages
      .sort()
      .map((path) => [path.replaceAll('\\', '/').replace(/\.md$/, ''), readFileSync(join(folder, path), 'utf8')]),
  );
}

function optionsOf(bundle: Bundle, outRoot: string): BuildOptions & { metafile: true } {
  return {
    absWorkingDir: ROOT,
    entryPoints: [{ in: bundle.entry, out: bundle.outName }],
    outdir: join(outRoot, bundle.outdir),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    splitting: bundle.splitting,
    // The SDK's CommonJS builds come first by default and are half as large again.
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'external',
    // kafkajs is CommonJS: bundled as ESM it needs a `require` for Node's own modules.
    banner: { js: "import{createRequire as _cr}from'node:module';const require=_cr(import.meta.url);" },
    plugins: [
      ...(bundle.maxBytesPerEntry === undefined ? [] : [slimThresholds]),
      checkPages,
      lazyClients,
      slimSchemas,
      slimManifests,
      metricCatalogue,
      leaveOut,
    ],
    metafile: true,
    logLevel: 'warning',
  };
}

/**
 * Loaded lazily and not by a scheduled run: assumed roles, credential sources of a workstation, browsers, a policy that was changed; what
 * is asked once a week (docs/decisions/0006), what was opted into (the bill, a secret), what stands in for unreachable brokers and for
 * sections that failed, hours that no run has left.
 */
const OFF_DAILY_PATH = new RegExp(
  [
    'client-sts|credential-provider|nested-clients|token-providers|bowser|load-policy',
    'client-(pricing|service-quotas|kafkaconnect|application-auto-scaling)',
    'ask-price-list|prices/(offline|price-reader|bill-reader)|account/(quotas|connectors|storage-scaling|subnet-zones)\\.ts',
    'client-(cost-explorer|secrets-manager)|collect-bill',
    'client-ec2|msk/collect-topics|cloudwatch/(kept-)?ranking|cloudwatch/plan-history|account/stand-ins',
  ].join('|'),
);

/** The catalogue: one module for each check and KPI, what they share, the arithmetic and facts that they judge by, and their thresholds. */
const CATALOGUE = /^lib\/(checks|kpis|analysis|facts|policy\/thresholds)\//;
const CHECK = /^lib\/checks\/(?!shared)[\w-]+\/[\w-]+\.ts$/;
/** A KPI's file says its id; what KPIs share lies beside them. */
const KPI_FILES = new Set(KPIS.map(({ name }) => `lib/kpis/${name}.ts`));
const isEntry = (input: string) => CHECK.test(input) || KPI_FILES.has(input);

export interface RunBytes {
  /** Of the entry and of all chunks that a daily run loads, without the catalogue. */
  bytes: number;
  catalogue: number;
  /** Modules of checks and KPIs. */
  entries: number;
  /** Of everything there is. */
  total: number;
}

export function runBytes(metafile: Metafile): RunBytes {
  const outputs = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'));
  const byPath = new Map(outputs);
  const seen = new Set<string>();
  const waiting = outputs
    .filter(([path, output]) => output.entryPoint && !path.includes('/chunks/'))
    .map(([path]) => path);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const used of byPath.get(path)?.imports ?? []) {
      const entryPoint = byPath.get(used.path)?.entryPoint ?? '';
      const lazy = used.kind === 'dynamic-import' && OFF_DAILY_PATH.test(entryPoint);
      if (byPath.has(used.path) && !lazy) waiting.push(used.path);
    }
  }
  const sum = (paths: Iterable<string>) =>
    [...paths].reduce((bytes, path) => bytes + (byPath.get(path)?.bytes ?? 0), 0);
  const judging = [...seen].flatMap((path) =>
    Object.entries(byPath.get(path)?.inputs ?? {}).filter(([input]) => CATALOGUE.test(input)),
  );
  const catalogue = judging.reduce((bytes, [, { bytesInOutput }]) => bytes + bytesInOutput, 0);
  const entries = judging.filter(([input]) => isEntry(input)).length;
  return { bytes: sum(seen) - catalogue, catalogue, entries, total: sum(byPath.keys()) };
}

/** What of the bundle breaks a promise of the design; empty when nothing does. */
export function violations(
  bundle: Pick<Bundle, 'name' | 'maxBytes' | 'maxBytesPerEntry' | 'forbidden'>,
  metafile: Metafile,
): string[] {
  const found: string[] = [];
  const { bytes, catalogue, entries } = runBytes(metafile);
  const { maxBytesPerEntry = null } = bundle;
  if (maxBytesPerEntry !== null && catalogue > entries * maxBytesPerEntry) {
    found.push(
      `${bundle.name}: ${kb(catalogue)} for ${entries} checks and KPIs, allowed ${kb(entries * maxBytesPerEntry)}`,
    );
  }
  if (bundle.maxBytes !== null && bytes > bundle.maxBytes) {
    found.push(`${bundle.name}: ${kb(bytes)} loaded by a daily run, allowed ${kb(bundle.maxBytes)}`);
  }
  const { forbidden } = bundle;
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const input = forbidden && inputs.find((path) => forbidden.pattern.test(path));
  if (input !== undefined) found.push(`${bundle.name}: contains ${input}; ${forbidden?.because}`);
  return found;
}

const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;

/** Builds everything under `outRoot`. @returns what breaks a promise, one line each. */
export async function buildAll(outRoot: string = ROOT): Promise<string[]> {
  const broken: string[] = [];
  for (const bundle of BUNDLES) {
    rmSync(join(outRoot, bundle.outdir), { recursive: true, force: true });
    const { metafile } = await build(optionsOf(bundle, outRoot));
    const { bytes, catalogue, entries, total } = runBytes(metafile);
    const path = join(outRoot, bundle.outdir, `${bundle.outName}.mjs`);
    const allowed = bundle.maxBytes === null ? '' : `, allowed ${kb(bundle.maxBytes)}`;
    const judging = entries === 0 ? '' : `, and ${kb(catalogue)} for ${entries} checks and KPIs`;
    console.log(`${relative(ROOT, path)}  ${kb(bytes)} a run${allowed}${judging}; ${kb(total)} in all`);
    broken.push(...violations(bundle, metafile));
  }
  await chmod(join(outRoot, 'dist/cli/main.mjs'), 0o755);
  return broken;
}

if (import.meta.main) {
  const broken = await buildAll();
  for (const line of broken) console.error(`build refused: ${line}`);
  if (broken.length > 0) process.exitCode = 1;
}
