// A configuration that exists and is not what the brokers run with: a newer revision that nobody rolled out, brokers that differ, or a roll-out
// that failed.
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatTime, plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft } from '../check.ts';
import { rollOut } from '../shared/apply-config.ts';
import { kafkaTool, listOperations } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const ROLL_OUT = 'UPDATE_CLUSTER_CONFIGURATION';
const FAILED = 'UPDATE_FAILED';

type BrokerConfigs = Collected<SectionValue<'kafkaBrokerConfigs'>>;
type Configuration = SectionValue<'configuration'>;

export default defineCheck({
  id: 'config-not-applied',
  area: 'broker-config',
  title: { pass: 'Brokers run with the newest configuration', fail: 'Brokers without the newest configuration' },
  why: 'What was changed on paper does not hold, and the next roll-out brings more than its author knows.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-operations.html',
    'https://kafka.apache.org/documentation/#dynamicbrokerconfigs',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless has no broker settings.' },
  needs: [],
  mayUse: ['configuration', 'kafkaBrokerConfigs', 'operations'],
  evaluate({ configuration, kafkaBrokerConfigs, operations }, _thresholds, run) {
    if (run.operationRunning)
      return { kind: 'no-data', because: 'A cluster operation is running: brokers may differ until it is over.' };
    const isMsk = run.clusterKind !== 'kafka';
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const own = configuration.ok ? configuration.value : null;
    const latest = own?.latest ?? null;
    const isBehind = own !== null && latest !== null && latest.revision > own.revision;
    const differing = differingKeys(kafkaBrokerConfigs);
    const failed = lastRollOut(operations.ok ? operations.value : []);
    const code = failed?.details?.error?.code ?? null;
    const common = { scope: 'cluster', severity, confidence: 1 } as const;
    const findings: FindingDraft[] = [
      ...(isBehind
        ? [
            {
              ...common,
              resource: run.clusterName,
              measured: own.revision,
              limit: own.latest!.revision,
              unit: 'count' as const,
              note: `revision ${own.revision} is in use, ${own.latest!.revision} is the newest${changedWords(own)}`,
            },
          ]
        : []),
      ...(failed === null
        ? []
        : [
            {
              ...common,
              resource: ROLL_OUT,
              measured: null,
              limit: null,
              unit: 'count' as const,
              note: `the last roll-out failed${code === null ? '' : `: ${listed([code])}`}${failed.startMs === null ? '' : `, ${formatTime(failed.startMs)}`}`,
            },
          ]),
      ...differing.map(
        ([key, values]): FindingDraft => ({
          ...common,
          resource: key,
          measured: null,
          limit: null,
          unit: 'count',
          note: values.map(({ value, ids }) => `${value ?? 'unset'} on broker ${ids.join(', ')}`).join('; '),
        }),
      ),
    ];
    return conclude({
      findings,
      worse: 'lower',
      gap: firstGap(
        isMsk && !configuration.ok && configuration.reason !== 'not-enabled'
          ? missingBecause('the configuration', configuration)
          : null,
        own !== null && latest === null ? 'the newest revision of the configuration is not known' : null,
        isMsk && !operations.ok ? missingBecause('the list of operations', operations) : null,
        run.clusterKind === 'unknown' ? 'whether an operation is running is not known' : null,
        kafkaBrokerConfigs.ok ? null : missingBecause('the configuration of the brokers', kafkaBrokerConfigs),
      ),
      evidence: [...(isBehind ? [diffTable(own)] : []), ...(differing.length === 0 ? [] : [brokersTable(differing)])],
      pass: `${own === null ? 'All' : `Revision ${own.revision} is the newest, and all`} brokers answer the same settings.`,
      fail: (_worst, all) =>
        `${plural(all.length, 'difference')} between configuration and brokers: ${listed(all.map(({ resource }) => resource))}.`,
      recommend: () => ({
        action:
          failed !== null
            ? 'Read why the roll-out failed, mend the file, then roll it out again'
            : isBehind
              ? 'Compare the two revisions, then roll the newest out or make a new one like the one in use'
              : 'Take settings off single brokers, or set them for all',
        confirmFirst:
          'Ask who stored the newer revision or set the value, and whether it waits for a maintenance window on purpose.',
        commands: [
          ...(failed === null ? [] : listOperations(run)),
          ...(isBehind ? rollOut(own.arn, own.latest!.revision, run) : []),
          ...(differing.length === 0
            ? []
            : [
                kafkaTool('kafka-configs.sh', {
                  purpose: 'Show the settings of every broker and where they come from',
                  args: ['--describe', '--all', '--entity-type', 'brokers'],
                }),
              ]),
        ],
        risk: 'The brokers restart one after the other, and a revision may carry more changes than the one that is wanted: read the difference first.',
        expectedEffect: 'What is written down holds on every broker.',
        verifyAfter: 'All brokers answer the same values, and the revision in use is the newest.',
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});

interface Differing {
  value: string | null;
  ids: string[];
}

/** Settings that brokers answer differently. One that a broker does not name is no difference: its version may not know it. */
function differingKeys(section: BrokerConfigs): [string, Differing[]][] {
  if (!section.ok) return [];
  const keys = [...new Set(Object.values(section.value).flatMap(Object.keys))].sort();
  return keys.flatMap((key): [string, Differing[]][] => {
    const values: Differing[] = [];
    for (const [id, entries] of Object.entries(section.value)) {
      const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
      if (entry === undefined) continue;
      const same = values.find(({ value }) => value === entry.value);
      if (same === undefined) values.push({ value: entry.value, ids: [id] });
      else same.ids.push(id);
    }
    return values.length > 1 ? [[key, values]] : [];
  });
}

/** The newest roll-out, if it failed. */
function lastRollOut(operations: SectionValue<'operations'>): SectionValue<'operations'>[number] | null {
  const [newest] = operations
    .filter(({ type }) => type === ROLL_OUT)
    .sort((a, b) => (b.startMs ?? 0) - (a.startMs ?? 0));
  return newest?.state === FAILED ? newest : null;
}

function changedKeys({ properties, latest }: Configuration): string[] {
  const newer = latest?.properties ?? null;
  if (newer === null) return [];
  return [...new Set([...Object.keys(properties), ...Object.keys(newer)])]
    .filter((key) => properties[key] !== newer[key])
    .sort();
}

function changedWords(own: Configuration): string {
  const changed = changedKeys(own);
  return changed.length === 0 ? '' : `; they differ in ${listed(changed)}`;
}

function diffTable(own: Configuration): Evidence {
  return {
    title: `Revision ${own.revision} against ${own.latest!.revision}`,
    columns: [
      { key: 'key', label: 'Setting', as: 'name' },
      { key: 'inUse', label: 'In use', as: 'name' },
      { key: 'newest', label: 'Newest', as: 'name' },
    ],
    rows: changedKeys(own).map((key) => ({
      key,
      inUse: own.properties[key] ?? null,
      newest: own.latest!.properties?.[key] ?? null,
    })),
    source: 'DescribeConfigurationRevision; settings that a snapshot keeps, others may differ as well',
  };
}

function brokersTable(differing: readonly [string, Differing[]][]): Evidence {
  return {
    title: 'Settings that brokers answer differently',
    columns: [
      { key: 'key', label: 'Setting', as: 'name' },
      { key: 'value', label: 'Value', as: 'name' },
      { key: 'brokers', label: 'Brokers', as: 'name' },
    ],
    rows: differing.flatMap(([key, values]) =>
      values.map(({ value, ids }) => ({ key, value: value ?? 'unset', brokers: ids.join(',') })),
    ),
    source: 'Kafka DescribeConfigs of every broker, at the time of the report',
  };
}
