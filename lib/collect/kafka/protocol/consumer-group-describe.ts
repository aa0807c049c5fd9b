import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

export interface TopicPartitions {
  topic: string;
  partitions: number[];
}

export interface ConsumerGroupMember {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  host: string;
  assignment: TopicPartitions[];
}

export interface ConsumerGroup {
  errorCode: number;
  groupId: string;
  state: string;
  members: ConsumerGroupMember[];
}

/** KIP-848 groups by id. A classic group is answered with GROUP_ID_NOT_FOUND. */
export const consumerGroupDescribe: Api<readonly string[], ConsumerGroup[]> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: [0],
  flexibleFrom: 0,
  write(writer, _version, groupIds) {
    writer.nullableArray(groupIds, (groupId) => writer.nullableString(groupId));
    writer.boolean(false); // include_authorized_operations
    writer.tags();
  },
  read(reader) {
    reader.int32(); // throttle_time_ms
    const groups = reader.array(20, readGroup);
    reader.tags();
    return groups;
  },
};

function readGroup(reader: Reader): ConsumerGroup {
  const errorCode = reader.int16();
  reader.nullableString(); // error_message
  const groupId = reader.string();
  const state = reader.string();
  reader.int32(); // group_epoch
  reader.int32(); // assignment_epoch
  reader.string(); // assignor_name
  const members = reader.array(14, readMember);
  reader.int32(); // authorized_operations
  reader.tags();
  return { errorCode, groupId, state, members };
}

function readMember(reader: Reader): ConsumerGroupMember {
  const memberId = reader.string();
  const instanceId = reader.nullableString();
  reader.nullableString(); // rack_id
  reader.int32(); // member_epoch
  const clientId = reader.string();
  const host = reader.string();
  reader.array(1, () => reader.string()); // subscribed_topic_names
  reader.nullableString(); // subscribed_topic_regex
  const assignment = readAssignment(reader);
  readAssignment(reader); // target_assignment
  reader.tags();
  return { memberId, instanceId, clientId, host, assignment };
}

function readAssignment(reader: Reader): TopicPartitions[] {
  const assignment = reader.array(19, () => {
    reader.uuid(); // topic_id
    const topic = reader.string();
    const partitions = reader.int32Array();
    reader.tags();
    return { topic, partitions };
  });
  reader.tags();
  return assignment;
}
