// Thresholds of every check, by area: values, bounds and reasons are data, so that defaults, schema and documentation are one thing.
import type { Threshold } from '../threshold.ts';
import { AVAILABILITY } from './availability.ts';
import { BALANCE } from './balance.ts';
import { BROKER_CONFIG } from './broker-config.ts';
import { CAPACITY } from './capacity.ts';
import { CLIENTS } from './clients.ts';
import { CONSUMERS } from './consumers.ts';
import { COST } from './cost.ts';
import { LIFECYCLE } from './lifecycle.ts';
import { PERFORMANCE } from './performance.ts';
import { SECURITY } from './security.ts';
import { TOPIC_CONFIG } from './topic-config.ts';

export const THRESHOLDS = {
  ...AVAILABILITY,
  ...PERFORMANCE,
  ...CONSUMERS,
  ...BALANCE,
  ...CAPACITY,
  ...BROKER_CONFIG,
  ...TOPIC_CONFIG,
  ...CLIENTS,
  ...SECURITY,
  ...LIFECYCLE,
  ...COST,
};

export type CheckId = keyof typeof THRESHOLDS;

/** The numbers that a check is given. */
export type CheckThresholds = {
  readonly [Id in CheckId]: { readonly [Key in keyof (typeof THRESHOLDS)[Id]]: number };
};

/** The same table for code that goes over all of it. */
export const THRESHOLD_TABLE: Readonly<Record<CheckId, Readonly<Record<string, Threshold>>>> = THRESHOLDS;
