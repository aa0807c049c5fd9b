import type { Api } from './api.ts';

export interface DescribedMember {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  host: string;
  /** What the member said when it joined, as the clients encode it: see member-subscription.ts. */
  subscription: Buffer | null;
  /** What the group's leader gave it: see member-assignment.ts. */
  assignment: Buffer | null;
}

export interface DescribedGroup {
  errorCode: number;
  groupId: string;
  state: string;
  protocolType: string;
  /** The protocol all members agreed on: of consumers the assignor; empty while there is none. */
  assignor: string;
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
    const groups = reader.array(version >= 5 ? 8 : 14, () => {
      const errorCode = reader.int16();
      if (version >= 6) reader.nullableString(); // error_message
      const groupId = reader.string();
      const state = reader.string();
      const protocolType = reader.string();
      const assignor = reader.string(); // protocol_data
      const members = reader.array(version >= 5 ? 6 : 14, () => {
        const memberId = reader.string();
        const instanceId = version >= 4 ? reader.nullableString() : null;
        const clientId = reader.string();
        const host = reader.string();
        const subscription = reader.nullableBytes(); // member_metadata
        const assignment = reader.nullableBytes();
        reader.tags();
        return { memberId, instanceId, clientId, host, subscription, assignment };
      });
      if (version >= 3) reader.int32(); // authorized_operations
      reader.tags();
      return { errorCode, groupId, state, protocolType, assignor, members };
    });
    reader.tags();
    return groups;
  },
};
