// Every figure with the series it comes from, and what of a scrape is kept for them.
import type { Exporter } from './exporters.ts';
import type { Selection } from './exposition.ts';
import { ERROR_COUNTS, JMX_ROWS, SCRAPE_ERROR } from './jmx-rows.ts';
import { NODE_ROWS } from './node-rows.ts';
import { type FigureRow, hasLabels, type SeriesMatch } from './series.ts';

export const FIGURE_ROWS: Readonly<Record<Exporter, readonly FigureRow[]>> = { jmx: JMX_ROWS, node: NODE_ROWS };

const byFamily = new Map<string, SeriesMatch[]>();
const want = (match: SeriesMatch): void => {
  for (const family of [match.family].flat()) byFamily.set(family, [...(byFamily.get(family) ?? []), match]);
};
for (const row of [...JMX_ROWS, ...NODE_ROWS]) {
  row.series.forEach(want);
  if (row.kind === 'share') want(row.whole);
  if (row.kind === 'mean') want(row.count);
  if (row.kind === 'gauge' && row.emptyWhenZero !== undefined) want(row.emptyWhenZero);
}
want(ERROR_COUNTS);
want({ family: SCRAPE_ERROR });

/** Every family that some figure needs. */
export const WANTED_FAMILIES: readonly string[] = [...byFamily.keys()];

/** What of a scrape is kept. */
export const WANTED_SERIES: Selection = {
  wantsFamily: (family) => byFamily.has(family),
  wants: (family, labels) => byFamily.get(family)?.some((match) => hasLabels(match, labels)) ?? false,
};
