import { thresholds } from '../threshold.ts';

export const TOPIC_CONFIG = thresholds({});
