import { thresholds } from '../threshold.ts';

export const CLIENTS = thresholds({});
