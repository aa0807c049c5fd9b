/** What CloudWatch charges for one metric of a GetMetricData call; the free tier does not cover it. Read 2026-11-20. */
export const GET_METRIC_DATA_USD_PER_METRIC = {
  usd: 0.01 / 1000,
  asOfDate: '2026-11-20',
  source: 'https://aws.amazon.com/cloudwatch/pricing/',
} as const;
