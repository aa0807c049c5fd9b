import { runKafkaTool } from '../kafka/tools.ts';
import { type Fault, requireTraffic } from './fault.ts';

const TOPIC = 'payments';

export const minIsrEqualRf: Fault = {
  name: 'min-isr-equal-rf',
  summary: `topic ${TOPIC} (RF 3) gets min.insync.replicas=3: one broker down stops its acks=all producers`,
  trips: ['min-isr-equal-rf'],
  inject: async (target) => {
    requireTraffic(target);
    const alter = (...change: string[]): Promise<string> =>
      runKafkaTool(target.cluster, 'kafka-configs', [
        '--alter',
        '--entity-type',
        'topics',
        '--entity-name',
        TOPIC,
        ...change,
      ]);
    await alter('--add-config', 'min.insync.replicas=3');
    return async () => {
      await alter('--delete-config', 'min.insync.replicas');
    };
  },
};
