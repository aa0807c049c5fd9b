import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Api, decodeAnswer, encodeRequest } from '../../../lib/collect/kafka/protocol/api.ts';
import { apiVersions } from '../../../lib/collect/kafka/protocol/api-versions.ts';
import { consumerGroupDescribe } from '../../../lib/collect/kafka/protocol/consumer-group-describe.ts';
import { describeConfigs } from '../../../lib/collect/kafka/protocol/describe-configs.ts';
import { describeGroups } from '../../../lib/collect/kafka/protocol/describe-groups.ts';
import { listGroups } from '../../../lib/collect/kafka/protocol/list-groups.ts';
import { LATEST, listOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import { metadata } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { offsetFetch, offsetFetchOneGroup } from '../../../lib/collect/kafka/protocol/offset-fetch.ts';
import { MalformedAnswerError } from '../../../lib/collect/kafka/protocol/reader.ts';
import * as answers from './answer-writers.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const int32 = fc.integer({ min: -2147483648, max: 2147483647 });
const errorCode = fc.integer({ min: -1, max: 140 });
const offset = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const ids = fc.array(int32, { maxLength: 5 });
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
const nullable = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: null });

const metadataArb = fc.record({
  brokers: few(fc.record({ id: int32, host: text, port: int32, rack: nullable(text) })),
  clusterId: nullable(text),
  controllerId: int32,
  mayDescribeCluster: fc.constantFrom(true, false, null),
  topics: few(
    fc.record({
      errorCode,
      name: text,
      internal: fc.boolean(),
      partitions: few(
        fc.record({ errorCode, partition: int32, leader: int32, replicas: ids, isr: ids, offlineReplicas: ids }),
      ),
    }),
  ),
});
const member = { memberId: text, instanceId: nullable(text), clientId: text, host: text };
const bytes = fc.uint8Array({ maxLength: 30 }).map((given) => Buffer.from(given));
const describedArb = few(
  fc.record({
    errorCode,
    groupId: text,
    state: text,
    protocolType: text,
    members: few(fc.record({ ...member, assignment: nullable(bytes) })),
  }),
);
const consumerArb = few(
  fc.record({
    errorCode,
    groupId: text,
    state: text,
    members: few(fc.record({ ...member, assignment: few(fc.record({ topic: text, partitions: ids })) })),
  }),
);
const offsetsArb = few(
  fc.record({
    groupId: text,
    errorCode,
    topics: few(fc.record({ topic: text, partitions: few(fc.record({ partition: int32, offset, errorCode })) })),
  }),
);
const listedArb = few(fc.record({ topic: text, partitions: few(fc.record({ partition: int32, errorCode, offset })) }));
const configsArb = few(
  fc.record({
    errorCode,
    topic: text,
    entries: few(fc.record({ key: text, value: nullable(text), source: fc.integer({ min: 0, max: 8 }) })),
  }),
);

/** Each API and version with an arbitrary answer, the broker's bytes for it, and what must be read from them. */
const CASES: { name: string; api: Api<never, unknown>; version: number; answer: fc.Arbitrary<[Buffer, unknown]> }[] = [
  {
    name: 'ApiVersions',
    api: apiVersions,
    version: 0,
    answer: few(fc.tuple(fc.nat(100), fc.record({ min: fc.nat(9), max: fc.nat(20) }))).map((entries) => {
      const versions = new Map(entries);
      return [answers.apiVersionsAnswer(35, versions), { errorCode: 35, versions }];
    }),
  },
  ...metadata.versions.map((version) => ({
    name: 'Metadata',
    api: metadata as Api<never, unknown>,
    version,
    answer: metadataArb.map((m): [Buffer, unknown] => [
      answers.metadataAnswer(version, m),
      version >= 8 ? m : { ...m, mayDescribeCluster: null },
    ]),
  })),
  ...listGroups.versions.map((version) => ({
    name: 'ListGroups',
    api: listGroups as Api<never, unknown>,
    version,
    answer: fc
      .record({
        errorCode,
        groups: few(
          fc.record({
            groupId: text,
            protocolType: text,
            state: version >= 4 ? text : fc.constant(''),
            type: version >= 5 ? text : fc.constant(''),
          }),
        ),
      })
      .map((a): [Buffer, unknown] => [answers.listGroupsAnswer(version, a), a]),
  })),
  ...describeGroups.versions.map((version) => ({
    name: 'DescribeGroups',
    api: describeGroups as Api<never, unknown>,
    version,
    answer: describedArb.map((groups): [Buffer, unknown] => [
      answers.describeGroupsAnswer(version, groups),
      version >= 4
        ? groups
        : groups.map((g) => ({ ...g, members: g.members.map((m) => ({ ...m, instanceId: null })) })),
    ]),
  })),
  {
    name: 'ConsumerGroupDescribe',
    api: consumerGroupDescribe,
    version: 0,
    answer: consumerArb.map((groups) => [answers.consumerGroupDescribeAnswer(groups), groups]),
  },
  {
    name: 'OffsetFetch',
    api: offsetFetch,
    version: 8,
    answer: offsetsArb.map((g) => [answers.offsetFetchAnswer(g), g]),
  },
  ...offsetFetchOneGroup.versions.map((version) => ({
    name: 'OffsetFetch of one group',
    api: offsetFetchOneGroup as Api<never, unknown>,
    version,
    answer: offsetsArb
      .filter((groups) => groups.length > 0)
      .map((groups): [Buffer, unknown] => {
        const group = { ...groups[0]!, groupId: '' };
        return [answers.offsetFetchOneGroupAnswer(version, group), group];
      }),
  })),
  {
    name: 'ListOffsets',
    api: listOffsets,
    version: 2,
    answer: listedArb.map((t) => [answers.listOffsetsAnswer(t), t]),
  },
  {
    name: 'DescribeConfigs',
    api: describeConfigs,
    version: 2,
    answer: configsArb.map((results) => [answers.describeConfigsAnswer(results), results]),
  },
];

describe.each(CASES)('$name v$version', ({ api, version, answer }) => {
  it('reads what a broker wrote', () => {
    fc.assert(
      fc.property(answer, ([written, value]) => {
        expect(decodeAnswer(api, version, written)).toEqual(value);
      }),
    );
  });

  it('refuses an answer cut short anywhere, and one with bytes behind it', () => {
    fc.assert(
      fc.property(answer, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ([written], share) => {
        const cut = written.subarray(0, Math.floor(written.length * share));
        expect(() => decodeAnswer(api, version, cut)).toThrow(MalformedAnswerError);
        expect(() => decodeAnswer(api, version, Buffer.concat([written, Buffer.of(0)]))).toThrow(MalformedAnswerError);
      }),
    );
  });

  it('ends with an answer or with a MalformedAnswerError on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
        try {
          decodeAnswer(api, version, Buffer.from(given));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAnswerError);
        }
      }),
    );
  });
});

describe('requests', () => {
  it('are written as Kafka reads them', () => {
    const listed = encodeRequest(listOffsets, 2, { timestamp: LATEST, topics: [{ topic: 't', partitions: [7] }] });
    expect(listed.toString('hex')).toBe(
      'ffffffff' + '00' + '00000001' + '000174' + '00000001' + '00000007' + 'f'.repeat(16),
    );
    expect(encodeRequest(metadata, 5, null).toString('hex')).toBe('ffffffff' + '00');
    expect(encodeRequest(metadata, 8, null).toString('hex')).toBe('ffffffff' + '00' + '01' + '00');
    expect(encodeRequest(listGroups, 5, null).toString('hex')).toBe('00' + '01' + '01' + '00');
    expect(encodeRequest(offsetFetch, 8, ['g']).toString('hex')).toBe('00' + '02' + '0267' + '00' + '00' + '00' + '00');
    expect(encodeRequest(offsetFetchOneGroup, 5, 'g').toString('hex')).toBe('000167' + 'ffffffff');
    expect(encodeRequest(describeGroups, 6, ['g']).toString('hex')).toBe('00' + '02' + '0267' + '00' + '00');
    expect(encodeRequest(describeGroups, 2, ['g']).toString('hex')).toBe('00000001' + '000167');
    expect(encodeRequest(consumerGroupDescribe, 0, ['g']).toString('hex')).toBe('00' + '02' + '0267' + '00' + '00');
    expect(encodeRequest(describeConfigs, 1, { topics: ['t'], keys: ['k'] }).toString('hex')).toBe(
      '00000001' + '02' + '000174' + '00000001' + '00016b' + '00',
    );
  });
});
