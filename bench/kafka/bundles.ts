// The clients as files that node runs as they are: ours in one file, as the Lambda's collector is built; the peers with their
// packages in node_modules, as their users have them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildAll } from '../../scripts/build.ts';

export interface Bundles {
  collector: string;
  retained: string;
  kafkajs: string;
  platformatic: string;
  /** The whole command line, as `npm run build` makes it. */
  commandLine: string;
}

/** Within the repository: what is not bundled is found in its node_modules. */
const OUT = join(import.meta.dirname, '../../.sandbox/bench');

export async function buildClients(): Promise<Bundles & { stop(): Promise<void> }> {
  await buildAll(join(OUT, 'product'));
  await bundle(
    {
      collector: fileURLToPath(new URL('./clients/msk-checkup.ts', import.meta.url)),
      retained: fileURLToPath(new URL('./clients/retained.ts', import.meta.url)),
    },
    [],
  );
  await bundle(
    {
      kafkajs: fileURLToPath(new URL('./clients/kafkajs.ts', import.meta.url)),
      platformatic: fileURLToPath(new URL('./clients/platformatic.ts', import.meta.url)),
    },
    ['kafkajs', '@platformatic/kafka'],
  );
  const client = (name: string) => join(OUT, `${name}.mjs`);
  return {
    collector: client('collector'),
    retained: client('retained'),
    kafkajs: client('kafkajs'),
    platformatic: client('platformatic'),
    commandLine: join(OUT, 'product/dist/cli/main.mjs'),
    stop: async () => rmSync(OUT, { recursive: true, force: true }),
  };
}

async function bundle(entryPoints: Record<string, string>, external: string[]): Promise<void> {
  await build({
    entryPoints,
    external,
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as _cr}from'node:module';const require=_cr(import.meta.url);" },
    logLevel: 'warning',
  });
}
