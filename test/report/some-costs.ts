// What a cluster and the run that read it cost, by hand.
import type { Report } from '../../lib/report/report.ts';

export function someCosts(): Pick<Report, 'cost' | 'bill' | 'runCostUsd' | 'runCost'> {
  return {
    cost: {
      usdPerMonth: 612.9,
      complete: false,
      lines: [
        {
          label: '3 brokers kafka.m7g.large',
          quantity: 2190,
          unit: 'broker-hour',
          usdPerUnit: 0.204,
          usdPerMonth: 446.76,
          source: 'broker/kafka.m7g.large',
        },
        {
          label: 'Data volumes, 3 x 500 GiB',
          quantity: 1500,
          unit: 'GiB-month',
          usdPerUnit: 0.11,
          usdPerMonth: 165,
          source: 'storage/gp2',
        },
        {
          label: 'Traffic between zones',
          quantity: 0,
          unit: 'GiB',
          usdPerUnit: null,
          usdPerMonth: null,
          source: 'no traffic was measured',
        },
      ],
      source: 'offline price table, as of 2025-12-01',
      asOfDate: '2025-12-01',
    },
    bill: null,
    runCostUsd: 0.0019,
    runCost: {
      usd: 0.0019,
      cloudWatch: {
        usd: 0.0019,
        metricsRequested: 190,
        calls: 3,
        parts: [
          { purpose: 'day', metricsRequested: 150, usd: 0.0015 },
          { purpose: 'history', metricsRequested: 40, usd: 0.0004 },
        ],
        leftOut: 0,
      },
      costExplorer: null,
    },
  };
}
