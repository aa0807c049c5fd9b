// What the tests of right-sizing start from: a cluster of six m5.2xlarge that is not much used.

export const load = {
  peakInMiBPerSec: 30,
  peakOutMiBPerSec: 60,
  avgInMiBPerSec: 10,
  replicas: 1500,
  rf: 3,
  azs: 3,
  storedGiB: 3000,
  retentionHours: 24,
  localHours: null,
};
export const current = {
  instanceType: 'kafka.m5.2xlarge',
  brokers: 6,
  metadataMode: 'kraft' as const,
  cpuPercent: 28,
  volumeGiB: 1000,
  provisionedMiBPerSec: null,
  isTiered: false,
  canRunGraviton: true,
  canRemoveBrokers: true,
};
