// Whole clusters walked through the command line. The paths were written from the stories of the fixtures, as somebody who knows Kafka
// would go; the trees follow them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnosis, Symptom } from '../../lib/diagnosis/cause-tree.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { cli } from '../cli/cli.ts';
import { INCIDENTS } from '../fixtures/clusters/incidents.ts';
import { KINDS } from '../fixtures/clusters/kinds.ts';

const folder = mkdtempSync(join(tmpdir(), 'paths-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Walk {
  story: string;
  symptom: Symptom;
  cluster: () => Snapshot;
  path: readonly string[];
  leftOut?: readonly string[];
  /** The check of the cause; or the questions that are left open, by why. */
  end: string | readonly (readonly string[])[];
  /** What a reader must find in the printed text. */
  says: readonly RegExp[];
}

const incident = (name: string) => () => INCIDENTS[name]!.snapshot();
const kind = (name: string) => () => KINDS[name]!.snapshot();

/** Kept to itself by AWS, of the brokers that it runs. */
const OF_SERVERLESS_BROKERS = [
  'Are clients held back by quotas?',
  'Are connections near the limit of IAM?',
  'Do brokers convert message formats?',
  'Do brokers compress again?',
  'Is one broker busier than the others?',
  'Is every write forced to disk?',
  'Are the volumes at the limit of their throughput?',
  'Does AWS shape the traffic of brokers?',
  'Are the CPU credits of burstable brokers running out?',
  'Are the request handlers busy?',
  'Are the brokers short of CPU?',
];

const WALKS: Readonly<Record<string, Walk>> = {
  'latency: flushes forced by one line of the configuration': {
    story:
      'Produce requests take five times as long as usual, all of it at the log of the leader; bytes are as they were.',
    symptom: 'latency',
    cluster: incident('flush-forced'),
    path: [
      'no: Do brokers take long to answer producers?',
      'yes: Do they take longer than is usual?',
      'no: Are clients held back by quotas?',
      'no: Does garbage collection free too little of the heap?',
      'no: Is one broker slower than the others?',
      'no: Do requests wait for a request handler?',
      'yes: Does the write to the log of the leader take most of it?',
      'yes: Is every write forced to disk?',
    ],
    end: 'flush-forced',
    says: [/79% of it is writing to the log of the leader/, /Take the flush settings out/],
  },
  'latency: one volume answers slowly': {
    story: 'One broker takes ten times as long as its peers at the same load. Sizing up all of them would be wrong.',
    symptom: 'latency',
    cluster: incident('slow-volume'),
    path: [
      'yes: Do brokers take long to answer producers?',
      'no: Are clients held back by quotas?',
      'no: Does garbage collection free too little of the heap?',
      'yes: Is one broker slower than the others?',
    ],
    end: 'broker-slow',
    says: [/Broker 4 is slow/, /Move the leaders off broker 4/],
  },
  'throughput: the ceiling of the volumes': {
    story:
      'Twice the traffic, volumes at 250 MiB/s, CPU and network with room. What producers send was not sampled, and is said so.',
    symptom: 'throughput',
    cluster: incident('volume-ceiling'),
    path: [
      'no: Are clients held back by quotas?',
      'no: Are connections near the limit of IAM?',
      'unknown: Do producers send small batches?',
      'no: Do brokers convert message formats?',
      'no: Do brokers compress again?',
      'unknown: Is the traffic uncompressed?',
      'no: Does one partition carry most of a topic?',
      'no: Is one broker busier than the others?',
      'no: Does a topic have too few partitions?',
      'no: Is every write forced to disk?',
      'yes: Are the volumes at the limit of their throughput?',
    ],
    end: 'ebs-throughput-near-limit',
    says: [/The volume of broker 1 is at/, /Not ruled out before it.*Do producers send small batches\?/s],
  },
  'throughput: small batches, whatever the CPU says': {
    story: 'Requests fill handlers and CPU while bytes are as before. A larger broker would be wrong.',
    symptom: 'throughput',
    cluster: incident('small-batches'),
    path: [
      'no: Are clients held back by quotas?',
      'no: Are connections near the limit of IAM?',
      'yes: Do producers send small batches?',
    ],
    end: 'batches-small',
    says: [/linger\.ms=/],
  },
  'throughput: of Serverless only what can be answered is asked': {
    story: 'Nothing is near the quota; no batch was sampled, and the brokers are not shown.',
    symptom: 'throughput',
    cluster: kind('serverless'),
    path: [
      'unknown: Do producers send small batches?',
      'unknown: Is the traffic uncompressed?',
      'no: Does one partition carry most of a topic?',
      'no: Does a topic have too few partitions?',
      'no: Is the cluster near the limit of its size?',
    ],
    leftOut: OF_SERVERLESS_BROKERS,
    end: [['Do producers send small batches?', 'Is the traffic uncompressed?']],
    says: [/does not show them: 11 questions about them are left out\./, /collect with --read-data/],
  },
  'loss: a clock that is a year ahead': {
    story:
      'Nothing was deleted or moved and no broker is away; the timestamps make retention keep what it should delete.',
    symptom: 'loss',
    cluster: incident('future-timestamps'),
    path: [
      'no: Were records deleted before a group read them?',
      'no: Were the offsets of a group moved?',
      'no: Do partitions have no leader?',
      'no: Do partitions have fewer copies than they need for writing?',
      'no: Is a broker gone?',
      'yes: Do timestamps make retention delete at the wrong time?',
    ],
    end: 'timestamps-untrusted',
    says: [/1 topic with timestamps that cannot be/],
  },
  'loss: a broker is gone, and topics of two copies are down to one': {
    story: 'Nothing is lost yet; what may be is what broker 5 holds. The number of copies is not the cause.',
    symptom: 'loss',
    cluster: incident('broker-gone'),
    path: [
      'no: Were records deleted before a group read them?',
      'no: Were the offsets of a group moved?',
      'no: Do partitions have no leader?',
      'no: Do partitions have fewer copies than they need for writing?',
      'yes: Is a broker gone?',
    ],
    end: 'broker-silent',
    says: [/Broker 5 of 6 has published nothing/],
  },
  'lag: a transaction that nobody ended': {
    story:
      'A group stands still on one partition. It looks like a poison record; restarting the readers helps nothing.',
    symptom: 'lag',
    cluster: incident('open-transaction'),
    path: [
      'yes: Is a group behind?',
      'no: Does nobody read for a group?',
      'yes: Does an open transaction hold readers back?',
    ],
    end: 'transaction-hanging',
    says: [/kafka-transactions\.sh/],
  },
  'lag: one record that cannot be read': {
    story:
      'The same picture from a run that may not read producers: the member is the cause, unless a transaction is open.',
    symptom: 'lag',
    cluster: incident('poison-record'),
    path: [
      'yes: Is a group behind?',
      'no: Does nobody read for a group?',
      'unknown: Does an open transaction hold readers back?',
      'yes: Does a member hold a partition without moving?',
    ],
    end: 'consumer-stalled',
    says: [/Look at the log of the member/, /Not ruled out before it.*open transaction/s],
  },
  'lag: rebalances, between which the group catches up': {
    story: 'At the moment of the look nothing is behind; the group was not stable for a tenth of the day.',
    symptom: 'lag',
    cluster: incident('rebalance-storm'),
    path: ['no: Is a group behind?', 'yes: Does a group rebalance all the time?'],
    end: 'rebalances-frequent',
    says: [/group\.instance\.id/],
  },
  'lag: without a way to the brokers nobody can tell': {
    story: 'CloudWatch answers, the brokers do not: whether a group is behind is to be measured first.',
    symptom: 'lag',
    cluster: kind('degraded'),
    path: ['unknown: Is a group behind?'],
    end: [['Is a group behind?']],
    says: [/To be measured next/, /to mend it: let the collector into the brokers’ security group/],
  },
  'throughput: nothing is full, and what might be was not measured': {
    story: 'The level of monitoring hides throttling, handlers and conversions, and no batch was sampled.',
    symptom: 'throughput',
    cluster: kind('standard-kraft'),
    path: [
      'unknown: Are clients held back by quotas?',
      'unknown: Are connections near the limit of IAM?',
      'unknown: Do producers send small batches?',
      'unknown: Do brokers convert message formats?',
      'no: Do brokers compress again?',
      'unknown: Is the traffic uncompressed?',
      'no: Does one partition carry most of a topic?',
      'no: Is one broker busier than the others?',
      'no: Does a topic have too few partitions?',
      'no: Is every write forced to disk?',
      'no: Are the volumes at the limit of their throughput?',
      'no: Does AWS shape the traffic of brokers?',
      'no: Are the CPU credits of burstable brokers running out?',
      'unknown: Are the request handlers busy?',
      'no: Are the brokers short of CPU?',
      'no: Is the cluster near the limit of its size?',
    ],
    end: [
      ['Are clients held back by quotas?'],
      ['Are connections near the limit of IAM?'],
      ['Do producers send small batches?', 'Is the traffic uncompressed?'],
      ['Do brokers convert message formats?'],
      ['Are the request handlers busy?'],
    ],
    says: [/monitoring level PER_BROKER/, /collect with --read-data/],
  },
};

describe('what a kind of cluster does not show rules nothing out', () => {
  const FIRST = 'Do brokers take long to answer producers?';

  test('latency of plain Kafka: to be measured, and not to be looked for in the client', async () => {
    const file = join(folder, 'plain-kafka.json');
    writeFileSync(file, JSON.stringify(kind('plain-kafka')()));
    const { out } = await cli('explain', 'latency', '--snapshot', file, '--json');
    const { steps, leftOut, end } = JSON.parse(out) as Diagnosis;
    expect([steps.map(({ answer }) => answer.is), leftOut]).toEqual([['unknown'], []]);
    expect(end).toMatchObject({ ends: 'measure', measure: [{ asks: [FIRST] }] });
  });

  test('latency of Serverless: AWS alone can look, which is said once', async () => {
    const file = join(folder, 'serverless.json');
    writeFileSync(file, JSON.stringify(kind('serverless')()));
    const { out } = await cli('explain', 'latency', '--snapshot', file, '--json');
    expect(JSON.parse(out)).toMatchObject({ steps: [], leftOut: [FIRST], end: { ends: 'measure', measure: [] } });
    const { out: text } = await cli('explain', 'latency', '--snapshot', file);
    expect(text.split('\n').slice(1)).toEqual([
      '',
      'AWS runs the brokers of MSK Serverless and does not show them: 1 question about them is left out.',
      '',
      'Nothing that is shown explains it: measure in the clients, and ask AWS Support.',
      '',
    ]);
  });

  test('throughput of an Express cluster: what it has not got cannot be short', async () => {
    const file = join(folder, 'express.json');
    writeFileSync(file, JSON.stringify(kind('express')()));
    const { out } = await cli('explain', 'throughput', '--snapshot', file, '--json');
    const volumes = (JSON.parse(out) as Diagnosis).steps.find(({ ask }) => /volumes/.test(ask));
    expect(volumes?.answer.is).toBe('no');
  });
});

describe.each(Object.entries(WALKS))('%s', (name, { story, symptom, cluster, path, leftOut = [], end, says }) => {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.json`);
  beforeAll(() => writeFileSync(file, JSON.stringify(cluster())));

  test(story, async () => {
    const { exitCode, out, err } = await cli('explain', symptom, '--snapshot', file, '--json');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    const diagnosis = JSON.parse(out) as Diagnosis;
    expect(diagnosis.steps.map(({ ask, answer }) => `${answer.is}: ${ask}`)).toEqual(path);
    expect(diagnosis.leftOut).toEqual(leftOut);
    const reached = diagnosis.end;
    if (typeof end === 'string') expect(reached).toMatchObject({ ends: 'cause', checkId: end });
    else expect(reached.ends === 'measure' && reached.measure.map(({ asks }) => asks)).toEqual(end);
  });

  test('says so in words', async () => {
    const { exitCode, out } = await cli('explain', symptom, '--snapshot', file);
    expect(exitCode).toBe(0);
    for (const [index, step] of path.entries()) {
      const [answer, ask] = step.split(': ') as [string, string];
      expect(out).toContain(`${index + 1}. ${ask} ${answer.toUpperCase()}`);
    }
    for (const words of says) expect(out).toMatch(words);
    for (const ask of leftOut) expect(out).not.toContain(ask);
    if (typeof end === 'string') expect(out).toContain(`More: msk-checkup explain ${end}`);
    for (const line of out.split('\n'))
      if (!/^ {4}(kafka-|aws )/.test(line)) expect(line.length).toBeLessThanOrEqual(100);
  });
});
