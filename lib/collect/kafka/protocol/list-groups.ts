import type { Api } from './api.ts';

export interface ListedGroup {
  groupId: string;
  protocolType: string;
  /** Empty below version 4. */
  state: string;
  /** Empty below version 5. */
  type: string;
}

export interface ListGroupsAnswer {
  errorCode: number;
  groups: ListedGroup[];
}

/** Groups this broker coordinates, of every state and type. Version 4 adds the state, version 5 (Kafka 3.8) the type. */
export const listGroups: Api<null, ListGroupsAnswer> = {
  key: 16,
  name: 'ListGroups',
  versions: [2, 3, 4, 5],
  flexibleFrom: 3,
  write(writer, version) {
    if (version >= 4) writer.nullableArray([], () => {}); // states_filter: any
    if (version >= 5) writer.nullableArray([], () => {}); // types_filter: any
    writer.tags();
  },
  read(reader, version) {
    const errorCode = reader.int16();
    const groups = reader.array(version >= 3 ? 3 : 4, () => {
      const groupId = reader.string();
      const protocolType = reader.string();
      const state = version >= 4 ? reader.string() : '';
      const type = version >= 5 ? reader.string() : '';
      reader.tags();
      return { groupId, protocolType, state, type };
    });
    reader.tags();
    return { errorCode, groups };
  },
};
