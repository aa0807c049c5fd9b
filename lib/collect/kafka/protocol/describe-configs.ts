import type { Api } from './api.ts';

const TOPIC = 2;

export interface DescribeConfigsInput {
  topics: readonly string[];
  /** Only these: a third of the bytes of a full answer. Names a broker does not know are left out by it. */
  keys: readonly string[];
}

export interface DescribedConfigs {
  errorCode: number;
  topic: string;
  entries: { key: string; value: string | null; source: number }[];
}

/** Effective configuration of topics with the source of each value. */
export const describeConfigs: Api<DescribeConfigsInput, DescribedConfigs[]> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 2],
  flexibleFrom: 4,
  write(writer, _version, { topics, keys }) {
    writer.nullableArray(topics, (topic) => {
      writer.int8(TOPIC).nullableString(topic);
      writer.nullableArray(keys, (key) => writer.nullableString(key));
    });
    writer.boolean(false); // include_synonyms
  },
  read(reader) {
    reader.int32(); // throttle_time_ms
    return reader.array(11, () => {
      const errorCode = reader.int16();
      reader.nullableString(); // error_message
      reader.int8(); // resource_type
      const topic = reader.string();
      const entries = reader.array(11, () => {
        const key = reader.string();
        const value = reader.nullableString();
        reader.boolean(); // read_only
        const source = reader.int8();
        reader.boolean(); // is_sensitive
        reader.array(5, () => [reader.string(), reader.nullableString(), reader.int8()]); // synonyms
        return { key, value, source };
      });
      return { errorCode, topic, entries };
    });
  },
};
