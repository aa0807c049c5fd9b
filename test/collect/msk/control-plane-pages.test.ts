// NextToken of every list of the control plane: pages are joined, a server that never ends or repeats itself is left.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlPlane } from '../../../lib/collect/msk/control-plane.ts';
import { listedNodes, operation, secretArn, summaryOf } from '../../../sandbox/aws/msk/kind-answers.ts';
import { MSK_VERSIONS } from '../../../sandbox/aws/msk/versions.ts';
import type { AnsweredCall } from '../aws-front.ts';
import { type MskFront, readValue, startMskFront } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-zookeeper';
const OPERATIONS = [1, 2, 3].map((id) => ({ ...operation(KIND), operationArn: `arn:op/${id}` })).map(summaryOf);

interface List {
  call: string;
  field: string;
  items: readonly object[] | readonly string[];
  /** What the section holds of the list. */
  read: (sections: ControlPlane) => unknown[];
  section: keyof ControlPlane;
  /** The note of a list that was not read to its end; null where its end does not matter. */
  cut: string | null;
}

const LISTS: readonly List[] = [
  {
    call: 'ListNodes',
    field: 'nodeInfoList',
    items: listedNodes(KIND),
    read: ({ nodes }) => readValue(nodes).map(({ brokerId }) => brokerId),
    section: 'nodes',
    cut: 'the list of nodes went on after its last page was due',
  },
  {
    call: 'ListClusterOperationsV2',
    field: 'clusterOperationInfoList',
    items: OPERATIONS,
    read: ({ operations }) => readValue(operations).map(({ arn }) => arn),
    section: 'operations',
    cut: 'the list of operations went on after its last page was due',
  },
  {
    call: 'ListScramSecrets',
    field: 'secretArnList',
    items: ['a', 'b', 'c'].map((name) => secretArn(`AmazonMSK_${name}`)),
    read: ({ security }) => readValue(security).scramSecretNames ?? [],
    section: 'security',
    cut: 'only 3 SCRAM secrets were read',
  },
  {
    call: 'ListKafkaVersions',
    field: 'kafkaVersions',
    items: MSK_VERSIONS.slice(-7, -2),
    read: ({ versions }) => [readValue(versions).status],
    section: 'versions',
    // The cluster's own version is among what was read.
    cut: null,
  },
];

/** One item a page; the token is the number of the next item. */
function paged({ field, items }: List) {
  return ({ url }: AnsweredCall) => {
    const at = Number(url.searchParams.get('nextToken') ?? 0);
    return { [field]: [items[at]], ...(at + 1 < items.length ? { nextToken: `${at + 1}` } : {}) };
  };
}

describe.each(LISTS)('$call', (list) => {
  const { call, field, items, read, section, cut } = list;
  const partialOf = (sections: ControlPlane) => (sections[section] as { partial?: string }).partial ?? null;

  test('gives over several pages what it gives in one', async () => {
    front.answer(KIND, { [call]: { [field]: items } });
    const whole = read(await front.collect(KIND));
    expect(whole.length).toBeGreaterThan(0);
    front.answer(KIND, { [call]: paged(list) });
    const sections = await front.collect(KIND);
    expect(read(sections)).toEqual(whole);
    expect(partialOf(sections)).toBeNull();
    expect(front.called().filter((each) => each === call)).toHaveLength(items.length);
  });

  test('that repeats its token is asked twice, and nothing counts twice', async () => {
    front.answer(KIND, { [call]: { [field]: items, nextToken: 'again' } });
    const sections = await front.collect(KIND);
    expect(front.called().filter((each) => each === call)).toHaveLength(2);
    expect(new Set(read(sections)).size).toBe(read(sections).length);
    expect(partialOf(sections)).toBe(cut);
  });

  test('that never ends is left after its bound', async () => {
    front.answer(KIND, { [call]: ({ index }: AnsweredCall) => ({ [field]: items, nextToken: `${index}` }) });
    const sections = await front.collect(KIND);
    expect(front.called().filter((each) => each === call).length).toBeLessThanOrEqual(10);
    expect(partialOf(sections)).toBe(cut);
  });

  test('that ends in an empty token ends', async () => {
    front.answer(KIND, { [call]: { [field]: items, nextToken: '' } });
    expect(partialOf(await front.collect(KIND))).toBeNull();
    expect(front.called().filter((each) => each === call)).toHaveLength(1);
  });
});

test('a list of versions that is cut before the cluster’s own version says so', async () => {
  front.answer(KIND, { ListKafkaVersions: { kafkaVersions: [{ version: '2.8.1' }], nextToken: 'again' } });
  const { versions } = await front.collect(KIND);
  expect(versions).toMatchObject({
    value: { status: null },
    partial: expect.stringContaining('list of versions went on'),
  });
});
