import type { Api } from './api.ts';
import { type ConsumerGroup, consumerGroupDescribe, readAssignment, readGroup } from './consumer-group-describe.ts';

/** Share groups (KIP-932) by id, from Kafka 4.1 on. A group of another type is answered with GROUP_ID_NOT_FOUND. */
export const shareGroupDescribe: Api<readonly string[], ConsumerGroup[]> = {
  key: 77,
  name: 'ShareGroupDescribe',
  versions: [1],
  flexibleFrom: 0,
  write: (writer, version, groupIds) => consumerGroupDescribe.write(writer, version, groupIds),
  read(reader) {
    const groups = reader.array(20, () =>
      readGroup(reader, () => {
        const memberId = reader.string();
        const rack = reader.nullableString();
        reader.int32(); // member_epoch
        const clientId = reader.string();
        const host = reader.string();
        reader.skipStrings(); // subscribed_topic_names
        const assignment = readAssignment(reader);
        reader.tags();
        return { memberId, instanceId: null, rack, clientId, host, assignment };
      }),
    );
    reader.tags();
    return groups;
  },
};
