// MSK patches every cluster, and nobody can refuse: brokers restart one after the other, at a time that MSK chooses. Clusters that are ready
// see seconds of latency; others stop. Each precondition has a check of its own: this one says what the next patch would meet.
import { isMasked } from '../../analysis/maintenance.ts';
import {
  type Precondition,
  type PreconditionId,
  patchReadiness,
  READINESS_SECTIONS,
} from '../../analysis/patch-readiness.ts';
import { leavesDefinition } from '../../facts/cluster-operations.ts';
import { forName } from '../../policy/pattern.ts';
import type { CheckId } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatDate, formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type Recommendation, type RunContext, type SeverityByEnvironment } from '../check.ts';
import { awsKafka, listOperations } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { BEST_PRACTICES } from '../shared/load-words.ts';
import { listed } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };
const percent = (value: number) => formatQuantity(value, 'percent');

interface Words {
  title: string;
  broken: (precondition: Precondition) => string;
  /** For the list of what to do. */
  mend: string;
  /** The check whose finding says how. */
  see: CheckId;
  /** Its title when it finds something: what the reader meets in the report. */
  finding: string;
}

const WORDS: Readonly<Record<PreconditionId, Words>> = {
  'single-copies': {
    title: 'No topic with traffic has a single replica',
    broken: ({ worst }) => `${plural(worst.length, 'topic')} with traffic on a single replica (${listed(worst)})`,
    mend: 'give topics with one replica more of them',
    see: 'replication-factor-low',
    finding: 'Topics with too few replicas',
  },
  'every-replica-needed': {
    title: 'No topic needs every replica',
    broken: ({ worst }) =>
      `${plural(worst.length, 'topic that needs', 'topics that need')} every replica (${listed(worst)})`,
    mend: 'let topics do without one replica',
    see: 'min-isr-equal-rf',
    finding: 'Topics that need every replica to be written',
  },
  'under-replicated': {
    title: 'All replicas are in sync',
    broken: ({ measured }) => plural(measured!, 'under-replicated partition'),
    mend: 'bring all replicas into sync',
    see: 'partitions-under-replicated',
    finding: 'Under-replicated partitions',
  },
  cpu: {
    title: 'Brokers have CPU to spare',
    broken: ({ measured, limit }) => `CPU at ${percent(measured!)} (limit ${percent(limit)})`,
    mend: 'bring CPU down',
    see: 'cpu-high',
    finding: 'Brokers short of CPU',
  },
  'cpu-after-loss': {
    title: 'The rest can carry the load of a zone that is away',
    broken: ({ measured }) =>
      Number.isFinite(measured)
        ? `CPU would be at ${percent(measured!)} without one zone`
        : 'there is no other zone or broker to carry the load',
    mend: 'make room for a lost zone',
    see: 'failure-headroom-low',
    finding: 'No room for a lost zone',
  },
  disk: {
    title: 'Disks have room',
    broken: ({ measured, limit }) => `a disk at ${percent(measured!)} (limit ${percent(limit)})`,
    mend: 'make room on the disks',
    see: 'disk-used-high',
    finding: 'Broker disks filling up',
  },
  version: {
    title: 'The Kafka version is supported for a while',
    broken: ({ worst, measured }) =>
      `support of Kafka ${listed(worst)} that ${measured! <= 0 ? 'has ended' : `ends in ${formatQuantity(measured!, 'days')}`}`,
    mend: 'plan the upgrade of Kafka',
    see: 'version-unsupported',
    finding: 'Kafka version at or near the end of its support',
  },
};

export default defineCheck({
  id: 'maintenance-unready',
  area: 'availability',
  title: { pass: 'The cluster is ready to be patched', fail: 'The next patch would disturb clients' },
  why: 'MSK patches the brokers one after the other at a time of its own choosing; what is not ready then stops then.',
  references: [BEST_PRACTICES, 'https://docs.aws.amazon.com/msk/latest/developerguide/patching-impact.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'Patches of MSK Serverless are AWS’s own affair.',
    kafka: 'Clusters outside MSK are patched by their owners, when they like.',
  },
  needs: [],
  mayUse: [...READINESS_SECTIONS, 'operations'],
  // Each precondition says itself whether a part suffices.
  toleratesPartial: [...READINESS_SECTIONS, 'operations'],
  evaluate({ operations, ...inputs }, thresholds, run) {
    const all = patchReadiness(inputs, {
      takenAtMs: run.takenAtMs,
      limits: thresholds,
      isEphemeral: (topic) => forName(run.objectives.topics, topic)?.ephemeral === true,
      inMaintenance: isMasked(run.maintenance, run.takenAtMs),
    });
    const broken = all.filter(({ holds }) => holds === false);
    const open = all.filter(({ holds }) => holds === null);
    const says = broken.map((each) => WORDS[each.id].broken(each)).join('; ');
    return conclude({
      findings:
        broken.length === 0
          ? []
          : [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: SEVERITY[run.environment],
                measured: broken.length,
                limit: 0,
                unit: 'count',
                note: says,
                confidence: 1,
              },
            ],
      gap:
        open.length === 0
          ? null
          : `whether these hold is not known: ${open.map(({ id }) => WORDS[id].title.toLowerCase()).join('; ')}`,
      evidence: [
        {
          title: `Preconditions of a patch${lastPatch(operations)}`,
          columns: [
            { key: 'what', label: 'Precondition', as: 'name' },
            { key: 'holds', label: 'Holds', as: 'name' },
            { key: 'see', label: 'Finding that says how', as: 'name' },
          ],
          rows: [...broken, ...open, ...all.filter(({ holds }) => holds === true)].map(({ id, holds }) => ({
            what: WORDS[id].title,
            holds: holds === null ? 'not known' : holds ? 'yes' : 'no',
            see: holds === false ? WORDS[id].finding : '',
          })),
          source:
            'Kafka metadata, CloudWatch, the cluster’s description, MSK’s list of versions and the table of supported ones',
        },
      ],
      pass: `All ${all.length} preconditions hold.`,
      fail: () => `The next patch would meet: ${says}.`,
      recommend: () => recommend(broken, run),
    });
  },
});

function lastPatch(operations: Collected<SectionValue<'operations'>>): string {
  const ends = operations.ok
    ? operations.value.filter(({ type }) => leavesDefinition(type)).flatMap(({ endMs }) => endMs ?? [])
    : [];
  return ends.length === 0 ? '' : `; the last one known ended on ${formatDate(Math.max(...ends))}`;
}

function recommend(broken: readonly Precondition[], run: RunContext): Recommendation {
  return {
    action: `Before the next patch, in this order: ${broken.map(({ id }) => WORDS[id].mend).join(', ')}`,
    confirmFirst:
      'Look at AWS Health for a date: MSK announces patches there. Rule out that the present load is a passing one.',
    commands: [
      ...listOperations(run),
      ...(run.environment === 'production'
        ? []
        : awsKafka(run, 'reboot-broker', {
            purpose: 'Rehearse on this test cluster, once all is mended: restart one broker',
            effect: 'change',
            args: ['--broker-ids', '1'],
          })),
    ],
    risk: 'Patching cannot be refused. Clients pass it with retries left at their default, delivery.timeout.ms of 60000 or more, session.timeout.ms of 45000 to 60000, and bootstrap addresses in two zones at least.',
    expectedEffect: 'A patch is a blip of less than two minutes a broker.',
    verifyAfter: 'Restart one broker of a test cluster of the same shape: no producer fails, and no group stops.',
    effort: 'setting',
    sumsUp: broken.map(({ id }) => WORDS[id].see),
    impact: { kind: 'none' },
  };
}
