/** One scrape of a JMX exporter: figures by name and labels. */
export class Scrape {
  readonly #samples = new Map<string, { labels: Record<string, string>; value: number }[]>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const match = SAMPLE.exec(line);
      if (match === null) continue;
      const [, name = '', labels = '', value = ''] = match;
      const samples = this.#samples.get(name) ?? [];
      samples.push({ labels: labelsOf(labels), value: Number(value) });
      this.#samples.set(name, samples);
    }
  }

  /** The figure with exactly these labels. */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const wanted = Object.entries(labels);
    return this.all(name).find(
      (sample) =>
        Object.keys(sample.labels).length === wanted.length &&
        wanted.every(([key, text]) => sample.labels[key] === text),
    )?.value;
  }

  all(name: string): readonly { labels: Record<string, string>; value: number }[] {
    return this.#samples.get(name) ?? [];
  }
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, key = '', value = ''] of text.matchAll(LABEL)) labels[key] = value.replaceAll(/\\(.)/g, '$1');
  return labels;
}

export async function scrape(port: number): Promise<Scrape> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) throw new Error(`the JMX exporter on port ${port} answered ${answer.status}`);
  return new Scrape(await answer.text());
}
