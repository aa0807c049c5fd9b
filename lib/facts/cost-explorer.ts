// What is known of Cost Explorer, which the opt-in bill is read from.

/** MSK in Cost Explorer's dimension SERVICE, as https://github.com/confluentinc/kcp/tree/a3f82bbb asks for it. */
export const MSK_IN_COST_EXPLORER = 'Amazon Managed Streaming for Apache Kafka';

/** USD for each request; every page is one. Read 2026-11-21. */
export const COST_EXPLORER_USD_PER_REQUEST = {
  usd: 0.01,
  asOfDate: '2026-11-21',
  source: 'https://aws.amazon.com/aws-cost-management/aws-cost-explorer/faqs',
} as const;

/** Record types that are usage at its price; all others (Tax, Credit, Refund, discounts, fees) change what is paid for it. */
export const USAGE_RECORD_TYPES: readonly string[] = ['Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage'];
