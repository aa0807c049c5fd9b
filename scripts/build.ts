// `npm run build`: the two Lambda bundles and the command line, with the sizes the design allows them.
import { rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import {
  checkPages,
  lazyClients,
  leaveOut,
  metricCatalogue,
  slimManifests,
  slimSchemas,
  slimThresholds,
} from './build/plugins.ts';
import { type BundleLimits, ENTRY_BYTES, kb, REPORT_FRAME_BYTES, runBytes, violations } from './build/run-bytes.ts';

const ROOT = resolve(import.meta.dirname, '..');

interface Bundle extends BundleLimits {
  entry: string;
  outdir: string;
  outName: string;
  /** One file for what has no lazy part: unused dynamic imports then leave with the code that names them. */
  splitting: boolean;
}

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
