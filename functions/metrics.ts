// Names of the metrics the report function publishes: the alarms are built from the same.
export const METRIC_NAMESPACE = 'MskCheckup';
export const METRIC_SERVICE = 'msk-checkup';

export type OwnMetric = 'ReportPublished' | 'ReportRefused' | 'PolicyRejected';
