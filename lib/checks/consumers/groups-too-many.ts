// How many consumer groups there are: generated ids that nobody deletes, mostly. Each takes memory of its coordinator, and Serverless
// refuses new ones beyond its quota.
import { groupIdStem } from '../../facts/consumer-groups.ts';
import { SERVERLESS_QUOTAS } from '../../facts/msk-quotas.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { EVERY_KIND } from '../shared/consumers.ts';
import { expectedBrokers } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

export default defineCheck({
  id: 'groups-too-many',
  area: 'consumers',
  title: { pass: 'A moderate number of consumer groups', fail: 'A very large number of consumer groups' },
  why: 'Coordinators keep them all in memory and load them after each failover; on Serverless new groups are refused at the quota.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_offsets.retention.minutes',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups'],
  mayUse: ['nodes', 'kafkaBrokers'],
  // A broker more or less does not matter.
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ kafkaGroups, nodes, kafkaBrokers }, { perCluster, perBroker, serverlessPercent }, run) {
    const isServerless = run.clusterKind === 'serverless';
    const brokers = expectedBrokers(nodes, kafkaBrokers).length;
    const quota = (SERVERLESS_QUOTAS.consumerGroups * serverlessPercent) / 100;
    const limit = isServerless ? quota : brokers === 0 ? perCluster : Math.min(perCluster, perBroker * brokers);
    const { length } = kafkaGroups;
    const tooMany: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: severityFor(run, ['low', 'low', 'info']),
      measured: length,
      limit,
      unit: 'count',
      note: isServerless
        ? `quota ${SERVERLESS_QUOTAS.consumerGroups}`
        : `${plural(kafkaGroups.filter(({ members }) => members?.length === 0).length, 'group')} without members`,
      confidence: 1,
    };
    const stems = stemsOf(kafkaGroups);
    return conclude({
      findings: length > limit ? [tooMany] : [],
      gap: !isServerless && brokers === 0 && length > perBroker ? 'the number of brokers is not known' : null,
      evidence: [
        {
          title: 'Groups by the part of their id that is not generated',
          columns: [
            { key: 'stem', label: 'Id begins with', as: 'name' },
            { key: 'groups', label: 'Groups', as: 'count' },
            { key: 'empty', label: 'Without members', as: 'count' },
          ],
          rows: stems.slice(0, MAX_ROWS),
          source: 'Kafka ListGroups and DescribeGroups, one look',
          reproduce: kafkaTool('kafka-consumer-groups.sh', {
            purpose: 'List all groups with their state',
            args: ['--list', '--state'],
          }),
        },
      ],
      pass: `${plural(length, 'group')} (limit ${formatQuantity(limit, 'count')}).`,
      fail: () =>
        `${plural(length, 'group')} (limit ${formatQuantity(limit, 'count')}); ${plural(stems[0]!.groups, 'id')} of the form ${listed([stems[0]!.stem])}.`,
      recommend: () => recommend(stems[0]!.stem),
    });
  },
});

function stemsOf(groups: SectionValue<'kafkaGroups'>): { stem: string; groups: number; empty: number }[] {
  return [...Map.groupBy(groups, ({ groupId }) => groupIdStem(groupId))]
    .map(([stem, its]) => ({
      stem,
      groups: its.length,
      empty: its.filter(({ members }) => members?.length === 0).length,
    }))
    .sort((a, b) => b.groups - a.groups || (a.stem < b.stem ? -1 : 1));
}

function recommend(stem: string): Recommendation {
  return {
    action: `Let clients use stable group ids (those of ${listed([stem])} first), delete what is left over, and shorten offsets.retention.minutes if ids must be generated`,
    confirmFirst:
      'Rule out a burst of short jobs: groups without members go by themselves after offsets.retention.minutes.',
    commands: [
      kafkaTool('kafka-consumer-groups.sh', {
        purpose: 'List all groups with their state',
        args: ['--list', '--state', 'Empty'],
      }),
    ],
    risk: 'Deleting a group that is in use loses its position; a shorter retention of offsets also forgets those of services that pause.',
    expectedEffect: 'Faster failover of coordinators, and lag of groups that matter is easier to see.',
    verifyAfter: 'The number of groups stays below the limit for a week.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
