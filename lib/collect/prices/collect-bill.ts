// The opt-in section `bill`: asked for only when the user wants it, because AWS charges for the question.
import { type Collected, missing } from '../../snapshot/collected.ts';
import type { Bill } from '../../snapshot/money-sections.ts';
import type { SectionRun } from '../section-run.ts';
import { type BillReader, billEndpointOf } from './bill-reader.ts';
import { readBill } from './read-bill.ts';

export interface BillRequest {
  /** Region of the cluster. */
  region: string;
  nowMs: number;
}

/** The section, or why it is missing; never rejects. `openReader` is called only where Cost Explorer can be asked. */
export async function collectBill(
  run: SectionRun,
  request: BillRequest,
  openReader: (endpointRegion: string) => Promise<BillReader>,
): Promise<Collected<Bill>> {
  const endpoint = billEndpointOf(request.region);
  if (endpoint === null) {
    return run.settle('bill', missing('not-supported', `Cost Explorer cannot be asked for ${request.region}`));
  }
  const call = { action: 'ce:GetCostAndUsage', resource: '*', region: endpoint };
  return run.read('bill', call, async (signal) => readBill(await openReader(endpoint), request, signal));
}
