// Groups that commit after every record: each committed partition is a record of __consumer_offsets, written three times and compacted.
import { type CommitRates, commitRates } from '../../analysis/commit-rates.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { EVERY_KIND, NO_GROUPS } from '../shared/consumers.ts';
import { LOAD_SECTIONS, loadSource, readLoads } from '../shared/loads.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const perSec = (value: number | null) => formatQuantity(value, 'countPerSec');
const percent = (share: number | null) => formatQuantity(share === null ? null : 100 * share, 'percent');

export default defineCheck({
  id: 'commits-excessive',
  area: 'clients',
  title: { pass: 'Groups commit at a sensible pace', fail: 'Groups commit too often' },
  why: 'Every commit is a request to one broker and a replicated record: groups that commit each record load their coordinator more than their topics.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html',
    'https://kafka.apache.org/documentation/#consumerconfigs_auto.commit.interval.ms',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups'],
  mayUse: LOAD_SECTIONS,
  toleratesPartial: ['kafkaLogDirs', 'kafkaTopicConfigs'],
  evaluate({ kafkaGroups, ...inputs }, { maxPerGroupPerSec, maxSharePercent, minPerSec }, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const { topics, gap } = readLoads(inputs, run);
    const rates = gap === null ? commitRates(topics, kafkaGroups) : null;
    if (rates === null)
      return {
        kind: 'no-data',
        because: `Not measured: ${gap ?? 'the log ends of __consumer_offsets were not read'}.`,
      };
    const isMany = (rates.perGroupPerSec ?? 0) > maxPerGroupPerSec;
    const isMuch = rates.share !== null && 100 * rates.share > maxSharePercent;
    const busiest = rates.partitions[0];
    const finding: FindingDraft = {
      scope: 'topic',
      resource: '__consumer_offsets',
      severity: severityFor(run, ['low', 'low', 'info']),
      measured: rates.perSec,
      limit: isMany ? null : minPerSec,
      unit: 'countPerSec',
      note: `${percent(rates.share)} of all messages, ${perSec(rates.perGroupPerSec)} by the median group`,
      // Minutes of looks.
      confidence: 0.6,
    };
    return conclude({
      findings: rates.perSec >= minPerSec && (isMany || isMuch) ? [finding] : [],
      gap: rates.share === null ? 'the log ends of some topics were not seen twice' : null,
      evidence: [commitTable(rates, loadSource(inputs))],
      pass: `Groups commit ${perSec(rates.perSec)} in all, ${percent(rates.share)} of all messages (limit ${percent(maxSharePercent / 100)} from ${perSec(minPerSec)} on).`,
      fail: ({ note }) =>
        `Groups write ${perSec(rates.perSec)} commits: ${note} (limits ${percent(maxSharePercent / 100)} and ${perSec(maxPerGroupPerSec)}).`,
      recommend: () => ({
        action: `Commit after a batch and every five seconds at most${busiest === undefined || busiest.groups.length === 0 ? '' : `, beginning with ${listed(busiest.groups)}`}`,
        confirmFirst:
          'Rule out a group in a rebalance or a replay, and one with thousands of partitions: each commit of a partition counts.',
        commands: busiest?.groups[0] === undefined ? [] : [describeGroup(busiest.groups[0])],
        risk: 'After a crash more records are read again, as many as between two commits: the work must bear that.',
        expectedEffect: 'The coordinators of the groups have fewer requests and less to compact; consumers wait less.',
        verifyAfter: 'MessagesInPerSec of __consumer_offsets, and the share of it in the next report.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

function commitTable({ partitions }: CommitRates, source: string): Evidence {
  return {
    title: 'Commits by partition of __consumer_offsets',
    columns: [
      { key: 'partition', label: 'Partition', as: 'count' },
      { key: 'perSec', label: 'Commits', as: 'countPerSec' },
      { key: 'groups', label: 'Groups that commit there', as: 'name' },
    ],
    rows: partitions.slice(0, MAX_ROWS).map(({ partition, perSec: rate, groups }) => ({
      partition,
      perSec: rate,
      groups: groups.length === 0 ? null : listed(groups),
    })),
    source: `${source}; a group's partition by the hash of its name, as Kafka chooses it`,
  };
}
