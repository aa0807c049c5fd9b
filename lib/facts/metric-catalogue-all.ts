// All that AWS's pages list for Standard, Express and Serverless clusters (read 2026-11-20), also what no run ever needs.
import { METRICS } from './metric-catalogue.ts';
import { SPARE_BROKER_METRICS } from './metric-catalogue-per-broker-spare.ts';

export const ALL_METRICS = { ...METRICS, ...SPARE_BROKER_METRICS } as const;
