import { expect, test } from 'vitest';
import { encodeRequest, versionFor } from '../../../lib/collect/kafka/protocol/api.ts';
import { apiVersions } from '../../../lib/collect/kafka/protocol/api-versions.ts';
import { consumerGroupDescribe } from '../../../lib/collect/kafka/protocol/consumer-group-describe.ts';
import { describeClientQuotas } from '../../../lib/collect/kafka/protocol/describe-client-quotas.ts';
import { describeConfigs } from '../../../lib/collect/kafka/protocol/describe-configs.ts';
import { describeGroups } from '../../../lib/collect/kafka/protocol/describe-groups.ts';
import { describeLogDirs } from '../../../lib/collect/kafka/protocol/describe-log-dirs.ts';
import { describeProducers } from '../../../lib/collect/kafka/protocol/describe-producers.ts';
import { describeQuorum } from '../../../lib/collect/kafka/protocol/describe-quorum.ts';
import { listGroups } from '../../../lib/collect/kafka/protocol/list-groups.ts';
import { LATEST, listNewestRecords, listOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import { listPartitionReassignments } from '../../../lib/collect/kafka/protocol/list-partition-reassignments.ts';
import { metadata } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { committedOffsets, committedOffsetsOfOneGroup } from '../../../lib/collect/kafka/protocol/offset-fetch.ts';
import { shareGroupDescribe } from '../../../lib/collect/kafka/protocol/share-group-describe.ts';
import { streamsGroupDescribe } from '../../../lib/collect/kafka/protocol/streams-group-describe.ts';

const LATEST_HEX = 'f'.repeat(16);
const NO_EPOCH = 'ffffffff';
const QUORUM_TOPIC = Buffer.from('__cluster_metadata').toString('hex');

const latest = { timestamp: LATEST, topics: [{ topic: 't', partitions: [7] }] };
const moments = { timestamp: LATEST, topics: [{ topic: 't', partitions: [7, 8], timestamps: [1n, 2n] }] };
const configs = [
  { type: 'topic', name: 't', keys: ['k'] },
  { type: 'broker', name: '1', keys: [] },
] as const;

/** Each as the parts that the protocol guide names, in its order. Flexible requests begin with the tags of their header. */
const REQUESTS: [string, Buffer, string][] = [
  ['ApiVersions v0', encodeRequest(apiVersions, 0, null), ''],
  ['Metadata v5', encodeRequest(metadata, 5, null), 'ffffffff 00'],
  ['Metadata v8', encodeRequest(metadata, 8, null), 'ffffffff 00 01 00'],
  ['ListGroups v2', encodeRequest(listGroups, 2, null), ''],
  ['ListGroups v3', encodeRequest(listGroups, 3, null), '00 00'],
  ['ListGroups v4', encodeRequest(listGroups, 4, null), '00 01 00'],
  ['ListGroups v5', encodeRequest(listGroups, 5, null), '00 01 01 00'],
  [
    'ListOffsets v2',
    encodeRequest(listOffsets, 2, latest),
    `ffffffff 00 00000001 000174 00000001 00000007 ${LATEST_HEX}`,
  ],
  [
    'ListOffsets v7',
    encodeRequest(listOffsets, 7, latest),
    `00 ffffffff 00 02 0274 02 00000007 ${NO_EPOCH} ${LATEST_HEX} 00 00 00`,
  ],
  [
    'ListOffsets v2, a time for each partition',
    encodeRequest(listOffsets, 2, moments),
    'ffffffff 00 00000001 000174 00000002 00000007 0000000000000001 00000008 0000000000000002',
  ],
  ['OffsetFetch v8', encodeRequest(committedOffsets, 8, ['g']), '00 02 0267 00 00 00 00'],
  ['OffsetFetch v5', encodeRequest(committedOffsetsOfOneGroup, 5, 'g'), '000167 ffffffff'],
  ['DescribeGroups v2', encodeRequest(describeGroups, 2, ['g']), '00000001 000167'],
  ['DescribeGroups v4', encodeRequest(describeGroups, 4, ['g']), '00000001 000167 00'],
  ['DescribeGroups v6', encodeRequest(describeGroups, 6, ['g']), '00 02 0267 00 00'],
  ['ConsumerGroupDescribe v1', encodeRequest(consumerGroupDescribe, 1, ['g']), '00 02 0267 00 00'],
  ['ShareGroupDescribe v1', encodeRequest(shareGroupDescribe, 1, ['g']), '00 02 0267 00 00'],
  ['StreamsGroupDescribe v0', encodeRequest(streamsGroupDescribe, 0, ['g']), '00 02 0267 00 00'],
  [
    'DescribeConfigs v2',
    encodeRequest(describeConfigs, 2, configs),
    '00000002 02 000174 00000001 00016b 04 000131 00000000 00',
  ],
  ['DescribeLogDirs v1', encodeRequest(describeLogDirs, 1, null), 'ffffffff'],
  ['DescribeLogDirs v4', encodeRequest(describeLogDirs, 4, null), '00 00 00'],
  ['ListPartitionReassignments v0', encodeRequest(listPartitionReassignments, 0, null), '00 00007530 00 00'],
  ['DescribeQuorum v2', encodeRequest(describeQuorum, 2, null), `00 02 13${QUORUM_TOPIC} 02 00000000 00 00 00`],
  ['DescribeClientQuotas v0', encodeRequest(describeClientQuotas, 0, null), '00000000 00'],
  ['DescribeClientQuotas v1', encodeRequest(describeClientQuotas, 1, null), '00 01 00 00'],
  [
    'DescribeProducers v0',
    encodeRequest(describeProducers, 0, [{ topic: 't', partitions: [7] }]),
    '00 02 0274 02 00000007 00 00',
  ],
];

test.each(REQUESTS)('%s is written as Kafka reads it', (_name, written, hex) => {
  expect(written.toString('hex')).toBe(hex.replaceAll(' ', ''));
});

test('the record with the greatest timestamp is asked of brokers that know it only', () => {
  const upTo = (max: number) => new Map([[listOffsets.key, { min: 0, max }]]);
  expect([versionFor(listNewestRecords, upTo(6)), versionFor(listNewestRecords, upTo(11))]).toEqual([null, 7]);
  expect(versionFor(listOffsets, upTo(6))).toBe(2);
});
