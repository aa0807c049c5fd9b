import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

export interface TopicPartitions {
  topic: string;
  partitions: number[];
}

/** A member of a group whose coordinator hands out the partitions itself: consumer (KIP-848), share and Streams groups. */
export interface ConsumerGroupMember {
  memberId: string;
  instanceId: string | null;
  rack: string | null;
  clientId: string;
  host: string;
  assignment: TopicPartitions[];
}

export interface ConsumerGroup {
  errorCode: number;
  groupId: string;
  state: string;
  /** Empty where the group has none. */
  assignor: string;
  members: ConsumerGroupMember[];
}

/** KIP-848 groups by id. A group of another type is answered with GROUP_ID_NOT_FOUND. */
export const consumerGroupDescribe: Api<readonly string[], ConsumerGroup[]> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: [0, 1],
  flexibleFrom: 0,
  write(writer, _version, groupIds) {
    writer.nullableArray(groupIds, (groupId) => writer.nullableString(groupId));
    writer.boolean(false); // include_authorized_operations
    writer.tags();
  },
  read(reader, version) {
    const groups = reader.array(20, () => readGroup(reader, (member) => readMember(member, version)));
    reader.tags();
    return groups;
  },
};

/** The layout that consumer and share groups have in common. */
export function readGroup(reader: Reader, readOneMember: (reader: Reader) => ConsumerGroupMember): ConsumerGroup {
  const errorCode = reader.int16();
  reader.skipString(); // error_message
  const groupId = reader.string();
  const state = reader.string();
  reader.int32(); // group_epoch
  reader.int32(); // assignment_epoch
  const assignor = reader.string();
  const members = reader.array(12, readOneMember);
  reader.int32(); // authorized_operations
  reader.tags();
  return { errorCode, groupId, state, assignor, members };
}

function readMember(reader: Reader, version: number): ConsumerGroupMember {
  const memberId = reader.string();
  const instanceId = reader.nullableString();
  const rack = reader.nullableString();
  reader.int32(); // member_epoch
  const clientId = reader.string();
  const host = reader.string();
  reader.skipStrings(); // subscribed_topic_names
  reader.skipString(); // subscribed_topic_regex
  const assignment = readAssignment(reader);
  reader.skipArray(19, skipTopicPartitions); // target_assignment
  reader.tags();
  if (version >= 1) reader.int8(); // member_type: still of the classic protocol, or not
  reader.tags();
  return { memberId, instanceId, rack, clientId, host, assignment };
}

export function readAssignment(reader: Reader): TopicPartitions[] {
  const assignment = reader.array(19, () => {
    reader.skipUuid(); // topic_id
    const topic = reader.string();
    const partitions = reader.int32Array();
    reader.tags();
    return { topic, partitions };
  });
  reader.tags();
  return assignment;
}

function skipTopicPartitions(reader: Reader): void {
  reader.skipUuid();
  reader.skipString();
  reader.skipArray(4, () => reader.int32());
  reader.tags();
}
