import type { Api } from './api.ts';
import { type CommittedOffsets, CommittedReading } from './committed-offsets.ts';

/** All committed offsets of many groups in one request (KIP-709, Kafka 3.0). */
export const committedOffsets: Api<readonly string[], CommittedOffsets> = {
  key: 9,
  name: 'OffsetFetch',
  versions: [8],
  flexibleFrom: 6,
  write(writer, _version, groupIds) {
    writer.nullableArray(groupIds, (groupId) => {
      writer.nullableString(groupId);
      writer.nullableArray(null, () => {}); // null: every topic the group committed for
      writer.tags();
    });
    writer.boolean(false); // require_stable: pending transactional commits do not matter here
    writer.tags();
  },
  read(reader) {
    const reading = new CommittedReading(reader, true);
    const groups = reader.nullableCount(5);
    for (let group = 0; group < groups; group++) {
      reading.readGroup(reader.string());
      reader.tags();
    }
    reader.tags();
    return reading.finish();
  },
};

/** All committed offsets of one group, for brokers before Kafka 3.0. The answer does not name the group. */
export const committedOffsetsOfOneGroup: Api<string, CommittedOffsets> = {
  key: 9,
  name: 'OffsetFetch',
  versions: [3, 5],
  flexibleFrom: 6,
  write(writer, _version, groupId) {
    writer.nullableString(groupId);
    writer.nullableArray(null, () => {});
  },
  read(reader, version) {
    const reading = new CommittedReading(reader, version >= 5);
    reading.readGroup('');
    return reading.finish();
  },
};
