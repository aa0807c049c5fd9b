// Hours as lines of JSON, read back with suspicion: a file that is not understood is no file, and is named.
import * as v from 'valibot';
import { recordOf } from '../snapshot/record-of.ts';
import { type HourlyEntry, type HourlyHistory, hourlyKey, type SeriesName } from './hourly.ts';
import { encodeHour, type HourRow, type Hours } from './hourly-hours.ts';
import { HOUR_MS } from './hourly-rollup.ts';

const FORMAT = 'msk-checkup-hourly';
const VERSION = 1;
/** Two months of hours and more series than 90 brokers and 50 pairs of group and topic have. */
const MAX_HOURS_PER_LINE = 62 * 24;
const MAX_LINES = 50_000;
const NEWLINE = 10;

export interface HourlyHeader {
  /** Identity of the cluster beyond its reusable name. */
  cluster: string;
  run: string;
  takenAtMs: number;
}

const name = v.pipe(v.string(), v.maxLength(1024));
/** Keys that are not known are dropped: a later version of the same format may add some. */
const headerSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  cluster: name,
  run: name,
  takenAtMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
const nameSchema = v.object({
  metric: name,
  statistic: v.picklist(['Average', 'Sum', 'Minimum', 'Maximum']),
  unit: name,
  dimensions: v.pipe(
    recordOf(name),
    v.check((dimensions) => Object.keys(dimensions).length <= 30),
  ),
});

/** One line about the file, then one for each unbroken stretch of hours of a series. */
export function writeHourly(history: HourlyHistory, header: HourlyHeader): string {
  let text = `${JSON.stringify({ format: FORMAT, version: VERSION, ...header })}\n`;
  for (const { hours, ...series } of history.values()) {
    for (const stretch of stretchesOf(hours)) text += `${JSON.stringify({ ...series, ...stretch })}\n`;
  }
  return text;
}

function stretchesOf(hours: Hours): { startMs: number; values: (number | null)[] }[] {
  const stretches: { startMs: number; values: (number | null)[] }[] = [];
  for (const [startMs, value] of hours) {
    const last = stretches.at(-1);
    if (last && last.startMs + last.values.length * HOUR_MS === startMs) last.values.push(value);
    else stretches.push({ startMs, values: [value] });
  }
  return stretches;
}

type KnownName = [key: string, name: SeriesName];

/** Series by the part of a line that names them: what was understood once is shared by every later line, of every file. */
export type KnownNames = Map<string, KnownName>;

/** The hours of one file, UTF-8, line by line, or why it cannot be used. Never throws. */
export function readHourly(file: Buffer, known: KnownNames): HourlyEntry[] | string {
  const header = readHeader(file);
  if (typeof header === 'string') return header;
  const lines: HourlyEntry[] = [];
  for (let end = file.indexOf(NEWLINE); end < file.length - 1; ) {
    if (lines.length === MAX_LINES) return `it has more than ${MAX_LINES} lines`;
    const from = end + 1;
    end = file.indexOf(NEWLINE, from);
    const line = readLine(file.toString('utf8', from, end), known);
    if (line === null) return 'it is damaged';
    lines.push(line);
  }
  return lines;
}

/** What a file says about itself, or why it cannot be used. */
export function readHeader(file: Buffer): HourlyHeader | string {
  if (file.at(-1) !== NEWLINE) return 'it is cut off';
  const first = jsonOf(file.toString('utf8', 0, file.indexOf(NEWLINE)));
  const parsed = v.safeParse(headerSchema, first);
  if (parsed.success) return parsed.output;
  const { format, version } = Object(first) as Record<string, unknown>;
  const isNewer = format === FORMAT && Number(version) > VERSION;
  return isNewer ? `it was written by a newer version (format ${Number(version)})` : 'it is damaged';
}

/** Null when the line is not understood. The name is read apart from the hours: it is the same in every file. */
function readLine(line: string, known: KnownNames): HourlyEntry | null {
  const nameEnd = line.lastIndexOf(',"startMs":');
  const series = nameOf(line.slice(0, nameEnd), known);
  const hours = hoursOf(jsonOf(`{${line.slice(nameEnd + 1)}`));
  return series && hours && [series[0], { ...series[1], hours }];
}

function nameOf(text: string, known: KnownNames): KnownName | null {
  const same = known.get(text);
  if (same !== undefined) return same;
  const parsed = v.safeParse(nameSchema, jsonOf(`${text}}`));
  if (!parsed.success) return null;
  const series: KnownName = [hourlyKey(parsed.output), parsed.output];
  // Written anew: a part of the line would keep the whole line in memory.
  known.set(JSON.stringify(parsed.output).slice(0, -1), series);
  return series;
}

function hoursOf(line: unknown): HourRow | null {
  const { startMs, values } = Object(line) as Record<string, unknown>;
  if (!isHour(startMs) || !Array.isArray(values) || values.length > MAX_HOURS_PER_LINE) return null;
  return values.every((value) => value === null || Number.isFinite(value))
    ? { startMs, values: values.map(encodeHour) }
    : null;
}

function isHour(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value % HOUR_MS === 0;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
