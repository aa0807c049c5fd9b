import { thresholds } from '../threshold.ts';

export const COST = thresholds({});
