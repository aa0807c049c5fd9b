// The admin of @platformatic/kafka, which asks many groups and topics at once: the nearest of the peers.
import { Admin, ConfigResourceTypes, ListOffsetTimestamps } from '@platformatic/kafka';
import { WANTED_TOPIC_CONFIGS } from '../../../lib/collect/kafka/wanted-configs.ts';
import { collecting, printFigures } from './figures.ts';

// Its offsets are bigints, which JSON does not know.
Object.assign(BigInt.prototype, {
  toJSON(this: bigint): string {
    return this.toString();
  },
});

const bootstrapBrokers = (process.argv[2] ?? '').split(',');
const admin = new Admin({ clientId: 'bench-platformatic', bootstrapBrokers });
printFigures(await collecting(() => readAll(admin)));

async function readAll(admin: Admin) {
  // Its metadata leaves internal topics out.
  const names = await admin.listTopics();
  const metadata = await admin.metadata({ topics: names });
  const at = (timestamp: bigint) =>
    [...metadata.topics].map(([name, { partitions }]) => ({
      name,
      partitions: partitions.map((_, partitionIndex) => ({ partitionIndex, timestamp })),
    }));
  const ends = await admin.listOffsets({ topics: at(ListOffsetTimestamps.LATEST) });
  await admin.listOffsets({ topics: at(ListOffsetTimestamps.EARLIEST) });
  await admin.describeConfigs({
    resources: names.map((resourceName) => ({
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName,
      configurationKeys: [...WANTED_TOPIC_CONFIGS],
    })),
  });
  const groups = [...(await admin.listGroups()).keys()];
  await admin.describeGroups({ groups });
  const committed = await admin.listConsumerGroupOffsets({ groups });
  await admin.close();
  return { ends, committed };
}
