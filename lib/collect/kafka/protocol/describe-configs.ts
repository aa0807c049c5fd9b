import type { Api } from './api.ts';

/** Kafka's numbers for types of resources. */
const RESOURCE_TYPES = { topic: 2, broker: 4 } as const;

export interface ConfigResource {
  type: keyof typeof RESOURCE_TYPES;
  /** A topic's name, or a broker's id: of that only this broker itself knows the configuration. */
  name: string;
  /** Only these: a third of the bytes of a full answer. Names a broker does not know are left out by it. */
  keys: readonly string[];
}

export interface DescribedConfigs {
  errorCode: number;
  /** Null for a type that was not asked for. */
  type: ConfigResource['type'] | null;
  name: string;
  entries: { key: string; value: string | null; source: number }[];
}

/** Effective configuration of topics and brokers with the source of each value. */
export const describeConfigs: Api<readonly ConfigResource[], DescribedConfigs[]> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 2],
  flexibleFrom: 4,
  write(writer, _version, resources) {
    writer.nullableArray(resources, ({ type, name, keys }) => {
      writer.int8(RESOURCE_TYPES[type]).nullableString(name);
      writer.nullableArray(keys, (key) => writer.nullableString(key));
    });
    writer.boolean(false); // include_synonyms
  },
  read(reader) {
    return reader.array(11, () => {
      const errorCode = reader.int16();
      reader.skipString(); // error_message
      const type = typeOf(reader.int8());
      const name = reader.string();
      const entries = reader.array(11, () => {
        const key = reader.string();
        const value = reader.nullableString();
        reader.boolean(); // read_only
        const source = reader.int8();
        reader.boolean(); // is_sensitive: then the value is null
        reader.skipArray(5, () => {
          reader.skipString();
          reader.skipString();
          reader.int8();
        }); // synonyms
        return { key, value, source };
      });
      return { errorCode, type, name, entries };
    });
  },
};

function typeOf(code: number): ConfigResource['type'] | null {
  if (code === RESOURCE_TYPES.topic) return 'topic';
  return code === RESOURCE_TYPES.broker ? 'broker' : null;
}
