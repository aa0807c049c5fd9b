// What a bundle loads in a daily run, and what it may load.
import type { Metafile } from 'esbuild';
import { CHECKS } from '../../lib/checks/registry.ts';
import { KPIS } from '../../lib/kpis/registry.ts';

/** docs/decisions/0010. */
export const REPORT_FRAME_BYTES = 570_000;
export const ENTRY_BYTES = 4_800;
/** All that a daily run of the report function may load. */
export const REPORT_RUN_BYTES = REPORT_FRAME_BYTES + ENTRY_BYTES * (CHECKS.length + KPIS.length);

/** What a bundle may load and hold. */
export interface BundleLimits {
  name: string;
  /** Of the entry and every chunk the daily run loads, the catalogue of checks and KPIs aside (docs/decisions/0010). */
  maxBytes: number | null;
  /** Of the catalogue: as many times as there are checks and KPIs. */
  maxBytesPerEntry?: number;
  /** An input that must not be in it. */
  forbidden?: { pattern: RegExp; because: string };
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
export function violations(bundle: BundleLimits, metafile: Metafile): string[] {
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

export const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
