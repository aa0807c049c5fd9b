// Sentences that the checks on load, latency and capacity share.
export const BEST_PRACTICES = 'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html';
export const METRICS_PAGE = 'https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html';
export const MONITORING = 'https://kafka.apache.org/documentation/#monitoring';
export const QUOTAS_PAGE = 'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html';

/** Where only CloudWatch could tell. */
export const NOT_SEEN_ELSEWHERE = {
  serverless: 'MSK Serverless shows no brokers.',
  kafka: 'Only CloudWatch measures this, and it knows Amazon MSK alone.',
} as const;

export const PASSING_LOAD =
  'Rule out a passing cause: a replay, a reassignment, brokers restarting, a batch job, consumers that poll in a tight loop.';

export const NO_RISK = 'None: nothing is changed.';
