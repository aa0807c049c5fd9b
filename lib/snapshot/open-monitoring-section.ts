// What the brokers' own Prometheus endpoints say: opt-in, and the only source of percentiles and error rates. Numbers only: no host,
// topic or client name of an exporter comes in.
import * as v from 'valibot';
import { FIGURE_GAPS, OPEN_MONITORING_FIGURES, SCRAPE_PROBLEMS } from './open-monitoring-figures.ts';

const figureName = v.picklist(OPEN_MONITORING_FIGURES);
const nonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));

const exporterSchema = v.strictObject({
  /** Seconds between the two scrapes that the rates rest on; null: there are no rates. */
  spanSec: v.nullable(nonNegative),
  /** Null when every scrape was read. */
  problem: v.nullable(v.picklist(SCRAPE_PROBLEMS)),
});

export const openMonitoringSchema = v.strictObject({
  /** The distance between two scrapes that was planned. */
  spanSec: nonNegative,
  brokers: v.array(
    v.strictObject({
      brokerId: v.pipe(v.number(), v.integer()),
      jmx: exporterSchema,
      node: exporterSchema,
      figures: v.record(figureName, v.pipe(v.number(), v.finite())),
      /**
       * Outcomes by request and Kafka's error name, `NONE` (for Produce and Fetch) among them; only what happened between the scrapes.
       * Kafka counts most of them once a partition in an answer, so they compare with each other and not with requests. Null: not known.
       */
      errors: v.nullable(v.array(v.strictObject({ request: v.string(), error: v.string(), perSec: nonNegative }))),
      /** Figures of an exporter that answered, and that are not there all the same. */
      gaps: v.array(v.strictObject({ reason: v.picklist(FIGURE_GAPS), figures: v.array(figureName) })),
    }),
  ),
});
export type OpenMonitoring = v.InferOutput<typeof openMonitoringSchema>;
export type MonitoredBroker = OpenMonitoring['brokers'][number];
