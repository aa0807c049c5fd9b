import { thresholds } from '../threshold.ts';

export const BROKER_CONFIG = thresholds({});
