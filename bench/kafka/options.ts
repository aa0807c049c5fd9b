import { parseArgs } from 'node:util';
import { type KafkaVersion, knownKafkaVersions } from '../../sandbox/kafka/artifacts.ts';
import { FULL_GROWTH, type GrowthScale, QUICK_GROWTH } from './fixture/growth-steps.ts';
import { FULL_LOAD, type Load, QUICK_LOAD } from './fixture/load.ts';

export interface BenchOptions {
  kafka: KafkaVersion;
  /** Counted processes of each client. */
  runs: number;
  load: Load;
  growth: GrowthScale;
  /** Fewer runs or a smaller load tell whether the bench works, not how fast anything is: nothing is kept of them. */
  isKept: boolean;
}

/** The fewest runs whose median is worth keeping. */
const FEWEST_KEPT = 7;

/** @throws with one line that says what is allowed */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kafka: { type: 'string', default: '4.3.1' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const kafka = knownKafkaVersions.find((version) => version === values.kafka);
  if (kafka === undefined) throw new Error(`--kafka ${values.kafka}: allowed are ${knownKafkaVersions.join(', ')}`);
  const runs = Number(values.runs ?? (values.quick ? 3 : FEWEST_KEPT));
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs ${values.runs}: a whole number from 1 on is allowed`);
  const load = values.quick ? QUICK_LOAD : FULL_LOAD;
  const growth = values.quick ? QUICK_GROWTH : FULL_GROWTH;
  return { kafka, runs, load, growth, isKept: !values.quick && runs >= FEWEST_KEPT };
}
