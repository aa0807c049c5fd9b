import { thresholds } from '../threshold.ts';

export const SECURITY = thresholds({});
