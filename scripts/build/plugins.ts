// What esbuild is told to leave out of the bundles, or to put in another form: each plugin is one saving and its reason.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { METRIC_NAMESPACE, METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { THRESHOLD_TABLE } from '../../lib/policy/thresholds/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The pages of the checks travel inside the bundle: there are no files beside it. */
export const checkPages: Plugin = {
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
export const lazyClients: Plugin = {
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
export const slimSchemas: Plugin = {
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
export const slimManifests: Plugin = {
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
export const slimThresholds: Plugin = {
  name: 'thresholds',
  setup(setup) {
    setup.onLoad({ filter: /lib[\\/]policy[\\/]thresholds[\\/]index\.ts$/ }, () => ({
      loader: 'js',
      contents: `export const THRESHOLD_TABLE = ${JSON.stringify(THRESHOLD_TABLE, (key, value) => (key === 'because' ? undefined : value))};`,
    }));
  },
};

export const metricCatalogue: Plugin = {
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

export const leaveOut: Plugin = {
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
