import { retentionLoss, stallConsumer } from './consumers.ts';
import type { Fault } from './fault.ts';
import { fillDisk } from './fill-disk.ts';
import { killBroker } from './kill-broker.ts';
import { skewLeaders } from './skew-leaders.ts';
import { minIsrEqualRf } from './topic-config.ts';

export const faults: readonly Fault[] = [
  killBroker,
  stallConsumer,
  skewLeaders,
  minIsrEqualRf,
  retentionLoss,
  fillDisk,
];
export const faultNames: readonly string[] = faults.map((fault) => fault.name);
