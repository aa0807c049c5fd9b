// What the brokers' own Prometheus endpoints say: opt-in, and the only source of percentiles and error rates.
import * as v from 'valibot';
import { recordOf } from './record-of.ts';

/** Two scrapes of each broker; rates are per second between them. */
export const openMonitoringSchema = v.strictObject({
  spanSec: v.number(),
  brokers: v.array(
    v.strictObject({
      brokerId: v.number(),
      /** Why nothing or not all of it was read; null when all was. */
      problem: v.nullable(v.string()),
      figures: recordOf(v.number()),
    }),
  ),
});
