/** What lies around the cluster in its account. Nothing of it exists: tests and faults put in what they need, in the API's own shapes. */
export interface AccountState {
  scalableTargets: object[];
  scalingPolicies: object[];
  scalingActivities: object[];
  appliedQuotas: Quota[];
  defaultQuotas: Quota[];
  connectors: object[];
  /** Null leaves alarms to the emulator, which keeps what PutMetricAlarm gives it. */
  alarms: object[] | null;
}

interface Quota {
  QuotaCode: string;
  QuotaName: string;
  Value: number;
}

/** https://docs.aws.amazon.com/general/latest/gr/msk.html, table "Service quotas". */
const AWS_DEFAULTS: readonly Quota[] = [
  { QuotaCode: 'L-03FD6822', QuotaName: 'Number of brokers per KRaft cluster', Value: 60 },
  { QuotaCode: 'L-EDD31C36', QuotaName: 'Number of brokers per account', Value: 90 },
  { QuotaCode: 'L-FAB9E493', QuotaName: 'Number of brokers per cluster', Value: 30 },
  { QuotaCode: 'L-B2FDE22A', QuotaName: 'Number of configurations per account', Value: 100 },
  { QuotaCode: 'L-9B45E609', QuotaName: 'Number of data channels per cluster', Value: 50 },
  { QuotaCode: 'L-8F940D28', QuotaName: 'Number of replicators per account', Value: 15 },
  { QuotaCode: 'L-36D29E8C', QuotaName: 'Number of revisions per configuration', Value: 50 },
];

/** An account in which nobody set anything up. */
export function plainAccount(hasEmulator: boolean): AccountState {
  return {
    scalableTargets: [],
    scalingPolicies: [],
    scalingActivities: [],
    appliedQuotas: AWS_DEFAULTS.map((quota) => ({ ...quota })),
    defaultQuotas: AWS_DEFAULTS.map((quota) => ({ ...quota })),
    connectors: [],
    alarms: hasEmulator ? null : [],
  };
}
