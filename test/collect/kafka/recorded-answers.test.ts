// What real brokers answered, as test/fixtures/kafka/record.ts kept it: the bytes go out as they went then, and are read as
// they were when they were held against Kafka's own tools.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BrokerVersions, decodeAnswer, encodeRequest } from '../../../lib/collect/kafka/protocol/api.ts';
import { readMemberAssignment } from '../../../lib/collect/kafka/protocol/member-assignment.ts';
import { readMemberRack } from '../../../lib/collect/kafka/protocol/member-subscription.ts';
import {
  asJson,
  CODECS,
  type CodecName,
  codecOf,
  inputFromJson,
  type RecordedAnswer,
} from '../../fixtures/kafka/recorded-answer.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/kafka');

describe.each(['3.9.2', '4.3.1'])('Kafka %s', (kafka) => {
  const names = readdirSync(join(FOLDER, kafka)).map((file) => file.replace('.json', ''));
  const textOf = (name: string) => readFileSync(join(FOLDER, kafka, `${name}.json`), 'utf8');
  const recordedAs = (name: string) => JSON.parse(textOf(name)) as RecordedAnswer;

  test.each(names)('%s', (name) => {
    const { codec, version, requestHex, answerHex, decoded } = recordedAs(name);
    const { input } = inputFromJson(textOf(name)) as RecordedAnswer;
    expect(encodeRequest(codecOf(codec), version, input).toString('hex')).toBe(requestHex);
    const { answer, throttleMs } = decodeAnswer(codecOf(codec), version, Buffer.from(answerHex, 'hex'));
    expect(asJson(answer)).toEqual(decoded);
    expect(throttleMs).toBe(0);
  });

  test('every request is recorded in every version that these brokers and the product speak', () => {
    const { versions } = recordedAs('api-versions-v0').decoded as {
      versions: [number, { min: number; max: number }][];
    };
    const spoken: BrokerVersions = new Map(versions);
    const wanted = (Object.keys(CODECS) as CodecName[]).flatMap((codec) => {
      const { key, versions } = codecOf(codec);
      const { min, max } = spoken.get(key) ?? { min: 0, max: -1 };
      return versions.filter((version) => version >= min && version <= max).map((version) => `${codec} ${version}`);
    });
    const recorded = new Set(names.map(recordedAs).map(({ codec, version }) => `${codec} ${version}`));
    expect([...recorded].sort()).toEqual(wanted.sort());
  });

  test('offsets are the same in every version of ListOffsets, errors with their partitions', () => {
    for (const question of ['latest', 'earliest', 'by-time'])
      expect(recordedAs(`list-offsets-${question}-v7`).decoded).toEqual(
        recordedAs(`list-offsets-${question}-v2`).decoded,
      );
    const errors = JSON.stringify(recordedAs('list-offsets-latest-v7').decoded).match(/"errorCode":\d+/g);
    expect(errors?.sort()).toEqual(['"errorCode":0', '"errorCode":3', '"errorCode":3', '"errorCode":6']);
  });

  test('a member of a classic group tells its rack and its partitions', () => {
    const groups = recordedAs('describe-groups-v5').decoded as {
      members: { subscription: string; assignment: string }[];
    }[];
    const [member] = groups.flatMap(({ members }) => members);
    expect(readMemberRack(Buffer.from(member!.subscription, 'hex'))).toBe('use1-az2');
    const assignment = [{ topic: 'orders', partitions: [0, 1, 2] }];
    expect(readMemberAssignment(Buffer.from(member!.assignment, 'hex'))).toEqual(assignment);
  });
});
