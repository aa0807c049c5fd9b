// Intelligent rebalancing of Express clusters: clusters from before 20 November 2025 have it paused.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/intelligent-rebalancing.html.
import { seriesQuantile, type TrustedSeries } from '../../analysis/series.ts';
import { skewMeasures } from '../../analysis/skew.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { bothOf } from '../shared/both-of.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { compareLoads } from '../shared/metric-command.ts';
import { brokerSeries, clusterSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';

const TAIL = 0.95;
const ratio = (value: number | null) => formatQuantity(value, 'ratio');

export default defineCheck({
  id: 'rebalancing-paused',
  area: 'balance',
  title: { pass: 'Rebalancing runs or is not needed', fail: 'Rebalancing paused or unable to run' },
  why: 'Express brokers then stay uneven: the fullest of them sets what the cluster can carry.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/intelligent-rebalancing.html'],
  appliesTo: ['provisioned-express'],
  notApplicable: {
    'provisioned-standard': 'Standard brokers have no intelligent rebalancing.',
    serverless: 'AWS places the partitions of MSK Serverless.',
    kafka: 'Only Express brokers of MSK have intelligent rebalancing.',
  },
  needs: ['cluster', 'metrics'],
  mayUse: ['nodes', 'kafkaBrokers'],
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ cluster, metrics, nodes, kafkaBrokers }, thresholds, run) {
    const status = cluster.kind === 'provisioned-express' ? cluster.rebalancing : null;
    const traffic = bothOf(brokerSeries(metrics, METRICS.bytesIn, run), brokerSeries(metrics, METRICS.bytesOut, run));
    const leaders = brokerSeries(metrics, METRICS.leaderCount, run);
    const [ofTraffic, ofLeaders] = [skewOf(traffic), skewOf(leaders)];
    const byTraffic =
      ofTraffic !== null && ofTraffic.mean >= thresholds.minBytesPerSecPerBroker ? ofTraffic.maxOverMean : null;
    const byLeaders =
      ofLeaders !== null && ofLeaders.mean >= thresholds.minLeadersPerBroker ? ofLeaders.maxOverMean : null;
    const under = clusterSeries(metrics, METRICS.underProvisioned, run, { masked: false, dropLast: 0 });
    const isUnder = (under?.latest?.value ?? 0) >= 1;
    const isUneven =
      (byTraffic ?? 0) > thresholds.maxTrafficOverMean || (byLeaders ?? 0) > thresholds.maxLeadersOverMean;
    const worst =
      (byTraffic ?? 0) > thresholds.maxTrafficOverMean
        ? [byTraffic, thresholds.maxTrafficOverMean]
        : [byLeaders, thresholds.maxLeadersOverMean];
    const common = { scope: 'cluster', confidence: 1 } as const;
    const findings: FindingDraft[] = [
      ...(status === 'PAUSED' && isUneven
        ? [
            {
              ...common,
              resource: run.clusterName,
              severity: severityFor(run, ['low', 'low', 'info']),
              measured: worst[0]!,
              limit: worst[1]!,
              unit: 'ratio' as const,
              note: 'rebalancing is PAUSED, and the brokers are uneven',
            },
          ]
        : []),
      ...(isUnder
        ? [
            {
              ...common,
              resource: METRICS.underProvisioned.name,
              severity: severityFor(run, ['medium', 'low', 'info']),
              measured: 1,
              limit: 0,
              unit: 'count' as const,
              note: 'the cluster is too small for rebalancing to run',
            },
          ]
        : []),
    ];
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const latest = (definition: typeof METRICS.underProvisioned) =>
      clusterSeries(metrics, definition, run, { masked: false, dropLast: 0 })?.latest?.value ?? null;
    return conclude({
      findings,
      gap: firstGap(
        status === null || status === 'unknown' ? 'the status of rebalancing was not told' : null,
        status === 'PAUSED'
          ? firstGap(
              coverageGap(traffic, expected, 'BytesInPerSec + BytesOutPerSec', thresholds.minCoveragePercent),
              coverageGap(leaders, expected, METRICS.leaderCount.name, thresholds.minCoveragePercent),
            )
          : null,
        (under?.latest ?? null) === null ? `CloudWatch has no datapoints of ${METRICS.underProvisioned.name}` : null,
      ),
      evidence: [
        {
          title: 'Rebalancing',
          columns: [
            { key: 'status', label: 'Status', as: 'name' },
            { key: 'running', label: 'RebalanceInProgress', as: 'count' },
            { key: 'under', label: 'UnderProvisioned', as: 'count' },
            { key: 'traffic', label: 'Traffic, most over mean', as: 'ratio' },
            { key: 'leaders', label: 'Leaders, most over mean', as: 'ratio' },
          ],
          rows: [
            {
              status,
              running: latest(METRICS.rebalanceInProgress),
              under: latest(METRICS.underProvisioned),
              traffic: byTraffic,
              leaders: byLeaders,
            },
          ],
          source: 'DescribeClusterV2, and CloudWatch over the window',
        },
        brokerTable(
          'Traffic by broker, 95th percentile',
          traffic.keys(),
          [['bytes', 'In and out', 'bytesPerSec', (id) => seriesQuantile(traffic.get(id)!, TAIL)]],
          { source: seriesSource(METRICS.bytesIn, [...traffic.values()], run) },
        ),
      ],
      pass: `Rebalancing is ${status}; traffic is ${ratio(byTraffic)} and leaders ${ratio(byLeaders)} times the mean at most.`,
      fail: (first) =>
        `${first.note![0]!.toUpperCase()}${first.note!.slice(1)} (traffic ${ratio(byTraffic)}, leaders ${ratio(byLeaders)} times the mean).`,
      recommend: () => ({
        action: isUnder
          ? 'Look for the cheaper ways first (larger batches, compression, fewer idle partitions), then add brokers or take a larger size'
          : 'Turn intelligent rebalancing on',
        confirmFirst:
          'Rule out a pause on purpose, and tools that move partitions by themselves (Cruise Control): the two must not run together.',
        commands: [
          ...(isUnder ? compareLoads(run, METRICS.bytesIn) : []),
          ...(status === 'PAUSED'
            ? awsKafka(run, 'update-rebalancing', {
                purpose: 'Turn intelligent rebalancing on',
                effect: 'change',
                args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--rebalancing', '{"Status":"ACTIVE"}'],
              })
            : awsKafka(run, 'describe-cluster-v2', { purpose: 'Show size and rebalancing of the cluster' })),
        ],
        risk: 'While it is active, Cruise Control and reassignments by hand stop working.',
        expectedEffect: 'MSK spreads partitions and leaders by itself, also after brokers were added.',
        verifyAfter: 'RebalanceInProgress returns to 0, and the brokers are within a fifth of their mean.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

function skewOf(all: ReadonlyMap<string, TrustedSeries>) {
  return skewMeasures([...all.values()].flatMap((series) => seriesQuantile(series, TAIL) ?? []));
}
