// Prometheus' text format 0.0.4, and what OpenMetrics 1.0 adds to it, read as a stream. Own code, because parse-prometheus-text-format
// 1.1.1 (December 2024), the one on npm, wants the whole body as one string, has no bounds, and throws on the first line it does not know.
// Format: https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/

export interface Sample {
  family: string;
  labels: ReadonlyMap<string, string>;
  /** May be NaN or infinite. */
  value: number;
}

export interface Exposition {
  /** What the selection kept, each series once; histograms and summaries are plain series. */
  samples: Sample[];
  lines: number;
  /** Lines of kept families that are no sample, longer than the bounds, or a series for the second time; and lines of no name at all. */
  malformedLines: number;
  /** Samples that were wanted but stood beyond the bound on their number. */
  droppedSamples: number;
}

/** Which series are kept; the labels of a family that is not wanted are not even looked at. */
export interface Selection {
  wantsFamily(family: string): boolean;
  wants(family: string, labels: ReadonlyMap<string, string>): boolean;
}

/** Far above what an exporter writes, far below what hurts. */
const MAX_LINE_CHARS = 65_536;
const MAX_LABELS = 32;
const MAX_LABEL_CHARS = 1_024;
const MAX_SAMPLES = 20_000;

const NAME = /^[a-zA-Z_:][\w:]*/;
const LABEL_NAME = /[a-zA-Z_]\w*/y;
const BLANKS = /[ \t]*/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(nan|inf|infinity)$/i;

/** Holds one line and what it keeps, however long the body is. Text from the exporter is data: nothing of it is run or thrown. */
export class ExpositionReader {
  readonly #selection: Selection;
  readonly #decoder = new TextDecoder();
  readonly #series = new Map<string, Sample>();
  #rest = '';
  /** Inside a line that is longer than any may be: skipped to its end. */
  #skipping = false;
  #lines = 0;
  #malformedLines = 0;
  #droppedSamples = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  write(chunk: Uint8Array): void {
    this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  /** @param isWhole whether the transport proved that nothing is missing: else an unfinished last line may be half a number */
  end(isWhole: boolean): Exposition {
    this.#take(this.#decoder.decode());
    if (this.#skipping || (this.#rest !== '' && !isWhole)) this.#malformedLines += 1;
    else if (this.#rest !== '') this.#line(this.#rest);
    return {
      samples: [...this.#series.values()],
      lines: this.#lines,
      malformedLines: this.#malformedLines,
      droppedSamples: this.#droppedSamples,
    };
  }

  #take(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const line = this.#rest + text.slice(from, end);
      this.#rest = '';
      if (this.#skipping || line.length > MAX_LINE_CHARS) this.#malformedLines += 1;
      else this.#line(line);
      this.#skipping = false;
      from = end + 1;
    }
    if (this.#skipping) return;
    this.#rest += text.slice(from);
    if (this.#rest.length > MAX_LINE_CHARS) {
      this.#rest = '';
      this.#skipping = true;
    }
  }

  #line(raw: string): void {
    this.#lines += 1;
    const line = raw.trim();
    // HELP, TYPE, UNIT, comments and `# EOF`: the catalogue knows what each figure is.
    if (line === '' || line.startsWith('#')) return;
    const family = NAME.exec(line)?.[0];
    if (family === undefined) this.#malformedLines += 1;
    else if (this.#selection.wantsFamily(family)) this.#keep(family, line);
  }

  #keep(family: string, line: string): void {
    const read = readLabels(line, family.length);
    const value = read === null ? null : readValue(line.slice(read.end));
    if (read === null || value === null) {
      this.#malformedLines += 1;
      return;
    }
    if (!this.#selection.wants(family, read.labels)) return;
    const key = JSON.stringify([family, ...[...read.labels].sort(([a], [b]) => (a < b ? -1 : 1))]);
    if (this.#series.has(key)) this.#malformedLines += 1;
    else if (this.#series.size >= MAX_SAMPLES) this.#droppedSamples += 1;
    else {
      const labels = new Map(Array.from(read.labels, ([name, text]) => [ownCopy(name), ownCopy(text)]));
      this.#series.set(key, { family: ownCopy(family), labels, value });
    }
  }
}

/** V8 cuts a string out of a larger one without copying: a kept name would hold on to the whole chunk that it came in. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}

/** The labels from `at` on, and where what follows them begins; null when they are malformed or beyond the bounds. */
function readLabels(line: string, at: number): { labels: Map<string, string>; end: number } | null {
  const labels = new Map<string, string>();
  let end = skipBlanks(line, at);
  if (line[end] !== '{') return { labels, end };
  end = skipBlanks(line, end + 1);
  while (line[end] !== '}') {
    LABEL_NAME.lastIndex = end;
    const name = LABEL_NAME.exec(line)?.[0];
    if (name === undefined || labels.has(name) || labels.size >= MAX_LABELS) return null;
    end = skipBlanks(line, end + name.length);
    if (line[end] !== '=') return null;
    end = skipBlanks(line, end + 1);
    const quoted = readQuoted(line, end);
    if (quoted === null) return null;
    labels.set(name, quoted.text);
    end = skipBlanks(line, quoted.end);
    if (line[end] === ',') end = skipBlanks(line, end + 1);
    else if (line[end] !== '}') return null;
  }
  return { labels, end: end + 1 };
}

function skipBlanks(line: string, at: number): number {
  BLANKS.lastIndex = at;
  BLANKS.exec(line);
  return BLANKS.lastIndex;
}

/** A label value with its escapes (backslash, quote, line feed) undone; any other escape stays as it is written. */
function readQuoted(line: string, at: number): { text: string; end: number } | null {
  if (line[at] !== '"') return null;
  let text = '';
  for (let index = at + 1; index < line.length && text.length <= MAX_LABEL_CHARS; index += 1) {
    const char = line[index]!;
    if (char === '"') return { text, end: index + 1 };
    if (char !== '\\') {
      text += char;
      continue;
    }
    index += 1;
    const escaped = line[index] ?? '';
    text += escaped === 'n' ? '\n' : escaped === '\\' || escaped === '"' ? escaped : `\\${escaped}`;
  }
  return null;
}

/** The value of `VALUE [TIMESTAMP] [# EXEMPLAR]`; null when that is not what stands there. */
function readValue(text: string): number | null {
  const exemplar = text.indexOf('#');
  const words = (exemplar === -1 ? text : text.slice(0, exemplar)).split(/[ \t]+/).filter((word) => word !== '');
  const [value, timestamp] = words.map(numberOf);
  if (value === undefined || value === null || timestamp === null || words.length > 2) return null;
  return value;
}

function numberOf(word: string): number | null {
  if (NUMBER.test(word)) return Number(word);
  const [, sign, name] = SPECIAL.exec(word) ?? [];
  if (name === undefined) return null;
  if (name.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
