import type { Api } from './api.ts';

export interface ClientQuota {
  /** Kafka's entity types: `user`, `client-id`, `ip`. A null name is the default of that type. */
  entity: { type: string; name: string | null }[];
  values: { key: string; value: number }[];
}

export interface DescribedClientQuotas {
  errorCode: number;
  quotas: ClientQuota[];
}

/** All client quotas. Any broker knows them. */
export const describeClientQuotas: Api<null, DescribedClientQuotas> = {
  key: 48,
  name: 'DescribeClientQuotas',
  versions: [0, 1],
  flexibleFrom: 1,
  write(writer) {
    writer.nullableArray([], () => {}); // components: no filter
    writer.boolean(false); // strict
    writer.tags();
  },
  read(reader) {
    const errorCode = reader.int16();
    reader.skipString(); // error_message
    const quotas = reader.array(reader.flexible ? 3 : 8, () => {
      const entity = reader.array(reader.flexible ? 3 : 4, () => {
        const component = { type: reader.string(), name: reader.nullableString() };
        reader.tags();
        return component;
      });
      const values = reader.array(10, () => {
        const value = { key: reader.string(), value: reader.float64() };
        reader.tags();
        return value;
      });
      reader.tags();
      return { entity, values };
    });
    reader.tags();
    return { errorCode, quotas };
  },
};
