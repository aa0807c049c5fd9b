// The same load on the other types of MSK, held against the best that can be done in place: a migration must beat a resize.
import { SIZING_SECTIONS, sizeCluster } from '../../analysis/cluster-sizing.ts';
import { configValue } from '../../analysis/topology.ts';
import { otherTypes, type TypeCandidate, type TypeFacts } from '../../analysis/type-comparison.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { listed } from '../shared/wording.ts';

/** Cores of another type do other work, and nobody measured it. */
const CONFIDENCE = 0.6;
const usd = (value: number) => formatQuantity(value, 'usdPerMonth');

export default defineCheck({
  id: 'cluster-type-costlier',
  area: 'cost',
  title: { pass: 'No other type of cluster is much cheaper', fail: 'Another type of cluster would be cheaper' },
  why: 'Standard, Express and Serverless bill different things: what was right for the first load may not be for this one.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/serverless.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: { kafka: 'What a cluster outside MSK costs is not known.' },
  needs: ['cluster'],
  mayUse: [...SIZING_SECTIONS.filter((name) => name !== 'cluster'), 'kafkaTopicConfigs', 'kafkaGroups', 'security'],
  toleratesPartial: [
    'prices',
    'configuration',
    'kafkaBrokerConfigs',
    'quotas',
    'kafkaTopicConfigs',
    'kafkaGroups',
    'security',
  ],
  evaluate({ cluster, kafkaTopicConfigs, kafkaGroups, security, ...inputs }, thresholds, run) {
    if (cluster.kind === 'serverless')
      return {
        kind: 'no-data',
        because: 'Not measured: Serverless shows no CPU, so that the brokers its load would need are not known.',
      };
    const sizing = sizeCluster({ ...inputs, cluster: { ok: true, value: cluster, asOfMs: run.takenAtMs } }, thresholds);
    if (sizing.kind !== 'sized' || !inputs.prices.ok)
      return { kind: 'no-data', because: `Not measured: ${sizing.kind === 'sized' ? 'no prices' : sizing.because}.` };
    const facts: TypeFacts = {
      kafkaVersion: cluster.kafkaVersion,
      ...countedTopics(inputs.kafkaTopics, kafkaTopicConfigs),
      groups: kafkaGroups.ok ? kafkaGroups.value.length : null,
      isIamOnly: security.ok ? isIamOnly(security.value) : null,
    };
    const types = otherTypes(sizing, facts, inputs.prices.value.items);
    const inPlaceUsd = sizing.best?.usdPerMonth ?? sizing.currentUsdPerMonth;
    const neededUsd = Math.max(
      (thresholds.minSavingPercent / 100) * sizing.currentUsdPerMonth,
      thresholds.minSavingUsdPerMonth,
    );
    const spares = ({ usdPerMonth }: TypeCandidate) => inPlaceUsd - usdPerMonth;
    const cheaper = types.filter((type) => type.blockers.length === 0 && spares(type) >= neededUsd);
    const best = cheaper.find(({ unpriced }) => unpriced.length === 0);
    // What bars a type only because nobody could look.
    const unseen = types.filter(
      (type) => spares(type) >= neededUsd && type.blockers.some((blocker) => /not (known|counted)/.test(blocker)),
    );
    const unpriced = cheaper.flatMap((type) => type.unpriced);
    const finding: FindingDraft[] =
      best === undefined
        ? []
        : [
            {
              scope: 'cluster',
              resource: run.clusterName,
              severity: 'low',
              measured: spares(best),
              limit: neededUsd,
              unit: 'usdPerMonth',
              note: `${nameOf(best)} for ${usd(best.usdPerMonth)}, where ${usd(inPlaceUsd)} can be had in place`,
              confidence: CONFIDENCE,
            },
          ];
    return conclude({
      findings: finding,
      gap: firstGap(
        sizing.isReplicationCounted ? null : 'topics were not read, so that the replication factor is a guess',
        unpriced.length > 0 ? `no price for ${listed(unpriced)}` : null,
        unseen.length > 0 ? unseen.map(({ name, blockers }) => `${name}: ${blockers.join(', ')}`).join('; ') : null,
      ),
      evidence: [typeTable(types, sizing.currentUsdPerMonth, inPlaceUsd)],
      pass: `No other type spares ${usd(neededUsd)} against the ${usd(inPlaceUsd)} that the cluster costs or could cost in place.`,
      fail: ({ note }) => `Another type would spare ${usd(spares(best!))} (limit ${usd(neededUsd)}): ${note}.`,
      recommend: () => ({
        action: `Weigh a move to ${nameOf(best!)} with the next large change, by MSK Replicator and with both clusters paid for meanwhile`,
        confirmFirst:
          'Rule out what metrics do not show: Kafka Streams and share groups on Express, transactions, ACLs, quotas and settings that the other type does not have. Rightsizing in place comes first. Compare with your own discounts.',
        commands: [],
        risk: 'New endpoints for every client, offsets that must be carried over, and weeks with two clusters.',
        expectedEffect: `The same load costs about ${usd(best!.usdPerMonth)} at list price, without traffic between zones, which is the same.`,
        verifyAfter: 'A week of copied traffic on the new cluster: latency, throttling and its first bill.',
        effort: 'migration',
        impact: {
          kind: 'saving',
          lines: [
            {
              label: `${nameOf(best!)} instead of what is best in place`,
              quantity: 1,
              unit: 'month',
              usdPerUnit: spares(best!),
            },
          ],
          usdPerMonth: spares(best!),
        },
      }),
    });
  },
});

function nameOf({ name, brokers }: TypeCandidate): string {
  return brokers === null ? `MSK ${name}` : `${name} with ${brokers}`;
}

function countedTopics(
  topics: Collected<SectionValue<'kafkaTopics'>>,
  configs: Collected<SectionValue<'kafkaTopicConfigs'>>,
): Pick<TypeFacts, 'partitions' | 'compactedPartitions'> {
  if (!topics.ok) return { partitions: null, compactedPartitions: null };
  const own = topics.value.filter(({ internal, name }) => !internal && !name.startsWith('__'));
  const count = (some: typeof own) => some.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const isCompacted = ({ name }: (typeof own)[number]) =>
    configs.ok && configValue(configs.value, name, 'cleanup.policy')?.includes('compact') === true;
  return { partitions: count(own), compactedPartitions: configs.ok ? count(own.filter(isCompacted)) : null };
}

function isIamOnly({ authentication: { iam, scram, tls, unauthenticated } }: SectionValue<'security'>): boolean | null {
  if ([scram, tls, unauthenticated].includes(true)) return false;
  return [iam, scram, tls, unauthenticated].includes(null) ? null : true;
}

function typeTable(types: readonly TypeCandidate[], currentUsd: number, inPlaceUsd: number): Evidence {
  return {
    title: 'The same load by type',
    columns: [
      { key: 'type', label: 'Type', as: 'name' },
      { key: 'brokers', label: 'Brokers', as: 'name' },
      { key: 'usd', label: 'Costs, at least', as: 'usdPerMonth' },
      { key: 'barred', label: 'Barred by', as: 'name' },
      { key: 'unpriced', label: 'Without a price', as: 'name' },
    ],
    rows: [
      { type: 'as it is', brokers: null, usd: currentUsd, barred: null, unpriced: null },
      { type: 'best in place', brokers: null, usd: inPlaceUsd, barred: null, unpriced: null },
      ...types.map(({ name, brokers, usdPerMonth, blockers, unpriced }) => ({
        type: name,
        brokers,
        usd: Number.isFinite(usdPerMonth) ? usdPerMonth : null,
        barred: blockers.length === 0 ? null : blockers.join(', '),
        unpriced: unpriced.length === 0 ? null : unpriced.join(', '),
      })),
    ],
    source: 'List prices; the load by CloudWatch over the last weeks with its margins; without traffic between zones',
  };
}
