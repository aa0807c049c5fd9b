// What exporters of real brokers said, recorded by test/fixtures/open-monitoring/record.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { WANTED_SERIES } from '../../../lib/collect/open-monitoring/catalogue.ts';
import { type Exposition, ExpositionReader } from '../../../lib/collect/open-monitoring/exposition.ts';

export const RECORDED_VERSIONS = ['4.3.1', '3.9.2'] as const;
export type RecordedScrape = 'first' | 'second' | 'node-first' | 'node-second';

const FOLDER = join(import.meta.dirname, '../../fixtures/open-monitoring');

export function recordedText(version: string, scrape: RecordedScrape): string {
  return gunzipSync(readFileSync(join(FOLDER, version, `${scrape}.txt.gz`))).toString();
}

export function readWanted(text: string | Uint8Array, isWhole = true): Exposition {
  const reader = new ExpositionReader(WANTED_SERIES);
  reader.write(typeof text === 'string' ? Buffer.from(text) : text);
  return reader.end(isWhole);
}

/** The value on the line that begins with this text: a reader of its own, for who compares. */
export function lineValue(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new Error(`no line ${series}`);
  return Number(line.slice(series.length + 1));
}
