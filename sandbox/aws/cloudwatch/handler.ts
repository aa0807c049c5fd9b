import type { MetricStore } from '../../bridge/store.ts';
import type { ServiceHandler } from '../front.ts';
import { sendJson } from '../http.ts';
import { getMetricData } from './get-metric-data.ts';
import { listMetrics } from './list-metrics.ts';

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };

/** Reads come from the bridge under CloudWatch's rules. What writes, and alarms, go to the emulator. */
export function cloudWatchHandler(store: MetricStore, now: () => number): ServiceHandler {
  return async ({ operation, body, response }) => {
    if (operation === 'GetMetricData') {
      sendJson(response, 200, getMetricData(store, body, now()), JSON_1_0);
      return true;
    }
    if (operation === 'ListMetrics') {
      sendJson(response, 200, listMetrics(store, body, now()), JSON_1_0);
      return true;
    }
    return false;
  };
}
