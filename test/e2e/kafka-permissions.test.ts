// The cluster's own authorizer decides what may be read. What the documentation asks for is enough for everything, and of what it
// asks for nothing is too much: with one permission less, the sections that hang on it say so, and the rest is there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KafkaSectionName } from '../../lib/collect/kafka/plan.ts';
import { CORE_SECTIONS, EXTRA_SECTIONS, READ_DATA_SECTIONS, reportPlan } from '../../lib/collect/kafka/plan.ts';
import { type Acl, readOnlyAcls, setAcls } from '../../sandbox/kafka/acls.ts';
import { startShareMember, startStreamsMember } from '../../sandbox/kafka/live-groups.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import type { OwnedProcess } from '../../sandbox/processes.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { hasNewKinds } from '../sandbox/support/every-kind.ts';
import { makeGroupAtEveryBroker } from '../sandbox/support/raw-members.ts';
import { type Watched, watch } from '../sandbox/support/watched-collection.ts';
import { cannotRun, KAFKA_VERSIONS } from './live.ts';

const PASSWORD = 'reader-secret';
const DEFAULT_SECTIONS: readonly KafkaSectionName[] = [...CORE_SECTIONS, ...EXTRA_SECTIONS];

type State = 'read' | 'partial' | 'not-permitted';
type States = Partial<Record<KafkaSectionName, State>>;

/** The permission that is taken away, and the sections that hang on it; all others are read in full. */
const WITHOUT: readonly [resource: Acl['resource'], operation: Acl['operation'], hangOnIt: States][] = [
  [
    'CLUSTER',
    'DESCRIBE',
    // Groups are still listed one by one, where each may be described: nobody says whether these, and what they have committed, are all.
    {
      kafkaLogDirs: 'not-permitted',
      kafkaReassignments: 'not-permitted',
      kafkaQuorum: 'not-permitted',
      kafkaGroups: 'partial',
      kafkaOffsets: 'partial',
      kafkaSamples: 'partial',
    },
  ],
  ['CLUSTER', 'DESCRIBE_CONFIGS', { kafkaBrokerConfigs: 'not-permitted', kafkaQuotas: 'not-permitted' }],
  [
    'TOPIC',
    'DESCRIBE',
    {
      kafkaTopics: 'not-permitted',
      kafkaTopicConfigs: 'not-permitted',
      kafkaOffsets: 'not-permitted',
      kafkaSamples: 'not-permitted',
    },
  ],
  ['TOPIC', 'DESCRIBE_CONFIGS', { kafkaTopicConfigs: 'not-permitted' }],
  // Log ends are still read; what groups have committed is not.
  ['GROUP', 'DESCRIBE', { kafkaGroups: 'not-permitted', kafkaOffsets: 'partial', kafkaSamples: 'partial' }],
];

function statesOf({ sections }: Watched): States {
  const states = Object.entries(sections).map(([name, section]) => {
    if (!section.ok) return [name, section.reason];
    return [name, section.partial === undefined ? 'read' : 'partial'];
  });
  return Object.fromEntries(states) as States;
}

function holdsPartitions({ sections: { kafkaGroups } }: Watched, groupId: string): boolean {
  const group = kafkaGroups?.ok ? kafkaGroups.value.find((each) => each.groupId === groupId) : undefined;
  return group?.members?.some(({ assignment }) => assignment.length > 0) === true;
}

/** What of a section stays as it is from one reading of a cluster at rest to the next. */
function steadyPart({ sections }: Watched, name: KafkaSectionName): unknown {
  const section = sections[name];
  if (!section?.ok) return section;
  // Samples and the quorum are of a moment. KRaft brokers name any of them as the controller.
  if (name === 'kafkaSamples' || name === 'kafkaQuorum') return null;
  if (name === 'kafkaBrokers') return section.value;
  if (name !== 'kafkaOffsets' && name !== 'kafkaLogDirs') return section.value;
  // The members’ own commits move internal topics.
  return JSON.parse(JSON.stringify(section.value), (key, value) =>
    /^(__|committed$|timeLags$|usableBytes$)/.test(key) ? undefined : value,
  );
}

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let members: OwnedProcess[] = [];
  let everything: Watched;

  const readWith = async (acls: readonly Acl[], readData = false): Promise<Watched> => {
    await setAcls(sandbox.cluster, 'User:reader', acls);
    const auth = { kind: 'plain', username: 'reader', password: PASSWORD, tls: false } as const;
    return watch(sandbox.cluster, {
      listener: 'sasl',
      auth,
      plan: reportPlan({ samples: 2, intervalSec: 0.2, readData }),
    });
  };

  beforeAll(async () => {
    const shape = { brokers: 3, users: { reader: PASSWORD } };
    sandbox = await startSandbox({ kafka: version, profile: 'idle', aws: false, log: () => {}, shape });
    const { cluster, folder } = sandbox;
    await makeGroupAtEveryBroker(cluster, 'orders');
    const member = (group: string) => ({ group, topic: 'orders', folder });
    if (hasNewKinds(version)) {
      const starting = [startShareMember(cluster, member('share')), startStreamsMember(cluster, member('streams'))];
      members = await Promise.all(starting);
    }
    // Coordinators of the newer kinds hand out partitions some heartbeats after a member has come.
    await waitUntil('the members have their partitions', 60_000, async () => {
      everything = await readWith(readOnlyAcls);
      return members.length === 0 || holdsPartitions(everything, 'share');
    });
  });
  afterAll(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await sandbox?.stop();
  });

  test('what the documentation asks for is enough for all but the opt-ins', async () => {
    const read = Object.fromEntries(DEFAULT_SECTIONS.map((name) => [name, 'read']));
    expect(statesOf(everything)).toEqual(read);
    const opted = await readWith(readOnlyAcls, true);
    expect(statesOf(opted)).toEqual({
      ...read,
      ...Object.fromEntries(READ_DATA_SECTIONS.map((name) => [name, 'not-permitted'])),
    });
    const mayRead = await readWith([...readOnlyAcls, { resource: 'TOPIC', name: '*', operation: 'READ' }], true);
    expect(statesOf(mayRead)).toEqual({
      ...read,
      ...Object.fromEntries(READ_DATA_SECTIONS.map((name) => [name, 'read'])),
    });
  });

  test.each(WITHOUT)('without %s %s exactly what hangs on it is missing', async (resource, operation, hangOnIt) => {
    const less = await readWith(readOnlyAcls.filter((acl) => acl.resource !== resource || acl.operation !== operation));
    const expected: States = { ...statesOf(everything), ...hangOnIt };
    // From 4.x on, who may not see a topic may not see who reads it either: of groups of the newer kinds.
    if (resource === 'TOPIC' && operation === 'DESCRIBE' && hasNewKinds(version)) expected.kafkaGroups = 'partial';
    expect(statesOf(less)).toEqual(expected);
    for (const name of Object.keys(hangOnIt) as KafkaSectionName[]) {
      const section = less.sections[name]!;
      if (!section.ok)
        expect([name, section.fix], 'the line that helps').toEqual([name, expect.stringContaining('allow ')]);
    }
    for (const name of DEFAULT_SECTIONS.filter((each) => expected[each] === 'read')) {
      expect(steadyPart(less, name), name).toEqual(steadyPart(everything, name));
    }
  });

  test('with nothing but the right to come in, nothing is called empty', async () => {
    const nothing = statesOf(await readWith([]));
    const { kafkaBrokers, ...rest } = nothing;
    expect(kafkaBrokers).toBe('read');
    expect(rest).toEqual(Object.fromEntries(Object.keys(rest).map((name) => [name, 'not-permitted'])));
  });
});
