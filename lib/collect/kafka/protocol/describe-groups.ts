import type { Api } from './api.ts';

export interface DescribedMember {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  host: string;
  assignment: Buffer | null;
}

export interface DescribedGroup {
  errorCode: number;
  groupId: string;
  state: string;
  protocolType: string;
  members: DescribedMember[];
}

/**
 * Classic groups by id. For a group of another type Kafka answers `Dead` without members: with error 0 up to version 5,
 * with GROUP_ID_NOT_FOUND from version 6 (Kafka 4.0) on. Neither says anything about that group.
 */
export const describeGroups: Api<readonly string[], DescribedGroup[]> = {
  key: 15,
  name: 'DescribeGroups',
  versions: [2, 4, 5, 6],
  flexibleFrom: 5,
  write(writer, version, groupIds) {
    writer.nullableArray(groupIds, (groupId) => writer.nullableString(groupId));
    if (version >= 3) writer.boolean(false); // include_authorized_operations
    writer.tags();
  },
  read(reader, version) {
    reader.int32(); // throttle_time_ms
    const groups = reader.array(version >= 5 ? 8 : 14, () => {
      const errorCode = reader.int16();
      if (version >= 6) reader.nullableString(); // error_message
      const groupId = reader.string();
      const state = reader.string();
      const protocolType = reader.string();
      reader.string(); // protocol_data: the chosen assignor
      const members = reader.array(version >= 5 ? 6 : 14, () => {
        const memberId = reader.string();
        const instanceId = version >= 4 ? reader.nullableString() : null;
        const clientId = reader.string();
        const host = reader.string();
        reader.nullableBytes(); // member_metadata: the subscription
        const assignment = reader.nullableBytes();
        reader.tags();
        return { memberId, instanceId, clientId, host, assignment };
      });
      if (version >= 3) reader.int32(); // authorized_operations
      reader.tags();
      return { errorCode, groupId, state, protocolType, members };
    });
    reader.tags();
    return groups;
  },
};
