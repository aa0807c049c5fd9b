// What is asked of AWS, and what its answers do to a report, through the built bundles: on real Kafka and the emulated AWS.
import { describe } from 'vitest';
import { awsFaults } from './aws-faults.ts';
import { awsOperations } from './aws-operations.ts';
import { anAwsWorld } from './aws-world.ts';
import { cannotRun } from './live.ts';

describe.skipIf(cannotRun)('AWS', () => {
  const world = anAwsWorld();
  awsFaults(world);
  awsOperations(world);
});
