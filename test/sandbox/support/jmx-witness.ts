// What the brokers' JMX exporters print, by the line: no code of the product and none of the sandbox's bridge reads it.

/** One reading of one exporter. */
export interface Jmx {
  /** Printed series, as `name{label="value"}`, to their value. */
  series: ReadonlyMap<string, number>;
  /** Epoch milliseconds before it was asked and after it had answered. */
  fromMs: number;
  toMs: number;
}

export async function readJmx(port: number): Promise<Jmx> {
  const fromMs = Date.now();
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const series = lines.map((line): [string, number] => {
    const space = line.lastIndexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1))];
  });
  return { series: new Map(series), fromMs, toMs: Date.now() };
}

/** @throws when nothing of that name is printed: a witness that is silent agrees with everything */
export function printedAs(jmx: Jmx, series: string): number {
  const value = jmx.series.get(series);
  if (value === undefined) throw new Error(`the exporter prints no ${series}`);
  return value;
}

/** All series of a name together, whatever their labels. */
export function sumOf(jmx: Jmx, name: string): number {
  const found = [...jmx.series].filter(([series]) => series.startsWith(`${name}{`));
  if (found.length === 0) throw new Error(`the exporter prints no ${name}`);
  return found.reduce((sum, [, value]) => sum + value, 0);
}

/** What was measured at a time that lies between two readings. */
export interface Between {
  before: Jmx;
  after: Jmx;
}

/** The least and the most that a gauge was, where it does not turn between the readings. */
export function gaugeBounds({ before, after }: Between, of: (jmx: Jmx) => number): [least: number, most: number] {
  const [a, b] = [of(before), of(after)];
  return [Math.min(a, b), Math.max(a, b)];
}

/** The least and the most that a counter can have grown by a second, from a time within `first` to one within `second`. */
export function rateBounds(first: Between, second: Between, of: (jmx: Jmx) => number): [least: number, most: number] {
  const perSec = (count: number, ms: number): number => (count * 1000) / ms;
  return [
    perSec(of(second.before) - of(first.after), second.after.toMs - first.before.fromMs),
    perSec(of(second.after) - of(first.before), second.before.fromMs - first.after.toMs),
  ];
}
