// The prices section: a fresh cache, else the Price List, else an older cache with its date, else the dated table. Never another region's.
import { type Present, present } from '../../snapshot/collected.ts';
import type { Prices } from '../../snapshot/money-sections.ts';
import { type KeptPrices, loadPrices, type PriceCache, savePrices } from './cached-prices.ts';
import type { PriceReader } from './price-reader.ts';

export interface PriceSources {
  /**
   * Opens the Price List at one of its endpoints; absent = not to be asked. Called only when no fresh price is kept, so that the SDK is
   * loaded on that day alone: `(endpoint) => createPriceReader(access, endpoint)`.
   */
  openReader?: ((endpointRegion: string) => Promise<PriceReader>) | undefined;
  cache?: PriceCache | undefined;
}

export interface PriceRequest {
  /** Region of the cluster. */
  region: string;
  nowMs: number;
  /** Aborted when the run is over: the prices at hand are then given at once. */
  signal: AbortSignal;
}

/** The section; always present, `partial` says what it is not. Never rejects. */
export async function collectPrices(request: PriceRequest, sources: PriceSources): Promise<Present<Prices>> {
  const { region, nowMs } = request;
  const kept = sources.cache === undefined ? null : await loadPrices(sources.cache, region, nowMs);
  if (kept?.isFresh === true) return present(kept.prices, kept.readAtMs);
  const { askPriceList } = await import('./ask-price-list.ts');
  const read = await askPriceList(request, sources);
  if ('problem' in read) return fallback(region, kept, read.problem, nowMs);
  // What was read only in part is asked for again by the next run.
  if (read.isWhole && sources.cache !== undefined) await savePrices(sources.cache, read.value, nowMs);
  return present(read.value, nowMs);
}

async function fallback(
  region: string,
  kept: KeptPrices | null,
  problem: string | undefined,
  nowMs: number,
): Promise<Present<Prices>> {
  const { offlinePrices } = await import('./offline.ts');
  const { value, partial } = offlinePrices(region);
  // Kept ones stand in until the table that ships with the product is newer.
  const isNewer = value.asOfDate > (kept?.prices.asOfDate ?? '') && Object.keys(value.items).length > 0;
  if (kept !== null && !isNewer) {
    const why = problem ?? 'the Price List was not asked';
    return present(kept.prices, kept.readAtMs, `prices of ${kept.prices.asOfDate}: ${why}`);
  }
  return present(value, nowMs, [partial, problem].filter((each) => each !== undefined).join('; ') || undefined);
}
