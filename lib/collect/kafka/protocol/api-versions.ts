import type { Api, BrokerVersions } from './api.ts';

export interface ApiVersionsAnswer {
  errorCode: number;
  versions: BrokerVersions;
}

/** Version 0: the one every broker answers before authentication, whatever else it speaks. */
export const apiVersions: Api<null, ApiVersionsAnswer> = {
  key: 18,
  name: 'ApiVersions',
  versions: [0],
  flexibleFrom: Number.POSITIVE_INFINITY,
  withoutThrottle: true,
  write: () => {},
  read(reader) {
    const errorCode = reader.int16();
    const entries = reader.array(6, () => [reader.int16(), { min: reader.int16(), max: reader.int16() }] as const);
    return { errorCode, versions: new Map(entries) };
  },
};
