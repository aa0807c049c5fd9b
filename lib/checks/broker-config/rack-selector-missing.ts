// Without a rack-aware replica selector every consumer reads from the leader, two times of three in another availability zone, and AWS
// bills both directions of that byte. Fetching from the closest replica is KIP-392.
import { gibPerMonth } from '../../analysis/cost-usage.ts';
import { evenCrossShare } from '../../analysis/savings.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG } from '../shared/apply-config.ts';
import { readSettings, SETTING_SECTIONS, settingsTable, TOLERATED, valuesOf } from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { priceOf, saved } from '../shared/money.ts';
import { severityFor } from '../shared/severity.ts';

const KEY = 'replica.selector.class';
const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';
/** What Kafka does without a selector. */
const LEADER_ONLY = ['', 'org.apache.kafka.common.replica.LeaderSelector'];
const PRICE = 'traffic/between-zones';
/** Who sends pays, and so does who receives. */
const DIRECTIONS = 2;

const usd = (value: number) => formatQuantity(value, 'usdPerMonth');

export default defineCheck({
  id: 'rack-selector-missing',
  area: 'broker-config',
  title: { pass: 'Reads across zones are no large cost', fail: 'Every read may cross availability zones' },
  why: 'Reads from the leader cross zones two times of three, and each crossing byte is billed twice.',
  references: [
    'https://kafka.apache.org/documentation/#brokerconfigs_replica.selector.class',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-392%3A+Allow+consumers+to+fetch+from+closest+replica',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no broker settings.',
    kafka: 'What traffic between zones costs is known for clusters of MSK.',
  },
  needs: [],
  mayUse: [...SETTING_SECTIONS, 'metrics', 'prices', 'kafkaGroups'],
  toleratesPartial: [...TOLERATED, 'prices', 'kafkaGroups'],
  evaluate({ metrics, prices, kafkaGroups, ...inputs }, thresholds, run) {
    const { cluster, configuration } = inputs;
    if (!cluster.ok || cluster.value.kind === 'serverless')
      return { kind: 'no-data', because: 'Not measured: the cluster was not described.' };
    const { azCount, brokerCount } = cluster.value;
    const { found, gap } = readSettings([KEY], inputs);
    const setting = found.get(KEY);
    if (setting === undefined) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const lacking = valuesOf(setting).filter(({ value }) => LEADER_ONLY.includes((value ?? '').trim()));
    const table = settingsTable('Replica selector', [setting]);
    if (lacking.length === 0) {
      return conclude({
        findings: [],
        gap,
        evidence: [table],
        pass: `${KEY} is ${setting.value}.`,
        fail: () => '',
        recommend: () => recommend(configuration, null, run),
      });
    }

    const racks = racksOf(kafkaGroups.ok ? kafkaGroups.value : []);
    if (racks.unknown === 0 && racks.zones.size > 0 && racks.zones.size < thresholds.minZones) {
      return {
        kind: 'pass',
        summary: `All consumers are in zone ${[...racks.zones].join(', ')}: reading in their own zone would turn them all to its brokers.`,
        evidence: [table],
      };
    }
    const [inGiB, outGiB] = [METRICS.bytesIn, METRICS.bytesOut].map((metric) =>
      gibPerMonth(metrics, { metric, members: brokerCount, memberName: 'brokers' }),
    ) as [ReturnType<typeof gibPerMonth>, ReturnType<typeof gibPerMonth>];
    if ('unknown' in outGiB) return { kind: 'no-data', because: `Not measured: ${outGiB.unknown}.` };
    if ('unknown' in inGiB) return { kind: 'no-data', because: `Not measured: ${inGiB.unknown}.` };
    const price = priceOf(prices, PRICE);
    if ('unknown' in price) return { kind: 'no-data', because: `Not measured: ${price.unknown}.` };
    const crossingGiB = outGiB.quantity * evenCrossShare(azCount);
    const usdPerGiB = price.usd * DIRECTIONS;
    const savingUsd = crossingGiB * usdPerGiB;
    const fanOut = inGiB.quantity > 0 ? outGiB.quantity / inGiB.quantity : null;
    const isWorth =
      savingUsd >= thresholds.minSavingUsdPerMonth && (fanOut ?? thresholds.minFanOut) >= thresholds.minFanOut;
    const atLeast = outGiB.isAtLeast || inGiB.isAtLeast;
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: severityFor(run, ['medium', 'low', 'info']),
      measured: savingUsd,
      limit: thresholds.minSavingUsdPerMonth,
      unit: 'usdPerMonth',
      note:
        racks.zones.size > 0
          ? `consumers in ${racks.zones.size} zones send client.rack already`
          : 'at most, with consumers spread over the zones',
      // Where clients are is not known: the zones are taken as evenly used.
      confidence: Math.min(setting.confidence, 0.6),
    };
    return conclude({
      findings: isWorth ? [finding] : [],
      gap: atLeast ? `traffic is known in part only (${outGiB.basis})` : gap,
      evidence: [
        trafficTable(
          { fanOut, outGiB: outGiB.quantity, crossingGiB, savingUsd, zones: racks.zones.size || null },
          outGiB.basis,
        ),
        table,
      ],
      pass: `Reads across zones cost about ${usd(savingUsd)} (limit ${usd(thresholds.minSavingUsdPerMonth)}), ${formatQuantity(fanOut, 'ratio')} bytes are read for each one written.`,
      fail: () =>
        `${KEY} is not set: about ${formatQuantity(crossingGiB, 'count')} GiB a month are read across ${azCount} zones, ${usd(savingUsd)}.`,
      recommend: () =>
        recommend(configuration, saved('Reads that stay in their zone, at most', crossingGiB, 'GiB', usdPerGiB), run),
    });
  },
});

/** Zones that consumers name, and how many members name none. */
function racksOf(groups: SectionValue<'kafkaGroups'>): { zones: ReadonlySet<string>; unknown: number } {
  const members = groups.flatMap((group) => group.members ?? [null]);
  const known = members.flatMap((member) => member?.rack ?? []);
  return { zones: new Set(known), unknown: members.length - known.length };
}

interface Traffic {
  fanOut: number | null;
  outGiB: number;
  crossingGiB: number;
  savingUsd: number;
  zones: number | null;
}

function trafficTable({ fanOut, outGiB, crossingGiB, savingUsd, zones }: Traffic, source: string): Evidence {
  return {
    title: 'Reads a month, in GiB',
    columns: [
      { key: 'fanOut', label: 'Read for each byte written', as: 'ratio' },
      { key: 'out', label: 'Read', as: 'count' },
      { key: 'crossing', label: 'Across zones, clients spread evenly', as: 'count' },
      { key: 'saving', label: 'Saving at most', as: 'usdPerMonth' },
      { key: 'zones', label: 'Zones that consumers name', as: 'count' },
    ],
    rows: [{ fanOut, out: outGiB, crossing: crossingGiB, saving: savingUsd, zones }],
    source,
  };
}

type Configuration = Parameters<typeof applyConfiguration>[1];

function recommend(
  configuration: Configuration,
  impact: Recommendation['impact'] | null,
  run: Parameters<typeof applyConfiguration>[2],
): Recommendation {
  return {
    action: `Set ${KEY}=${RACK_AWARE} on the brokers, then client.rack to the zone id (like use1-az1) at every consumer`,
    confirmFirst: [
      'Rule out consumers that all run in one zone, and clients older than Kafka 2.4, which read from the leader anyway.',
      CONFIRM_CONFIG,
    ].join(' '),
    commands: applyConfiguration([`${KEY}=${RACK_AWARE}`], configuration, run),
    risk: 'The brokers restart one after the other; a read from a follower waits up to one round of replication more, and a zone with most of the consumers loads its own brokers.',
    expectedEffect:
      'Reads stay in the zone of the reader: between nothing and all of the crossing bytes, by how many consumers name their zone.',
    verifyAfter: 'BytesOutPerSec evens out over the brokers, and DataTransfer-Regional-Bytes on the bill falls.',
    effort: 'clientChange',
    impact: impact ?? { kind: 'none' },
  };
}
