// The plain kafkajs admin loop: its public API, one call after the other, as its documentation shows each of them. In parallel it
// breaks: fetchTopicOffsets of several topics at once replace each other's metadata.
import kafkajs, { type Admin } from 'kafkajs';
import { WANTED_TOPIC_CONFIGS } from '../../../lib/collect/kafka/wanted-configs.ts';
import { kafkaClient } from '../../../sandbox/workload/client.ts';
import { collecting, printFigures } from './figures.ts';

const admin = kafkaClient(process.argv[2] ?? '', 'bench-kafkajs').admin();
printFigures(await collecting(() => readAll(admin)));

async function readAll(admin: Admin) {
  await admin.connect();
  const names = await admin.listTopics();
  const ends = [];
  for (const topic of names) ends.push({ topic, partitions: await admin.fetchTopicOffsets(topic) });
  await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: [...WANTED_TOPIC_CONFIGS],
    })),
  });
  const { groups } = await admin.listGroups();
  await admin.describeGroups(groups.map(({ groupId }) => groupId));
  const committed = [];
  for (const { groupId } of groups) committed.push({ groupId, topics: await admin.fetchOffsets({ groupId }) });
  await admin.disconnect();
  return { ends, committed };
}
