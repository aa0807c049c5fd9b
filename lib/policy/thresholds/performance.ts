import { thresholds } from '../threshold.ts';

export const PERFORMANCE = thresholds({});
