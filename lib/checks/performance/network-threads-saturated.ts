// How busy the network threads are: they decrypt, read and write sockets, so connections and TLS weigh on them, not the disks.
import { connectionsByBroker } from '../../analysis/connection-use.ts';
import type { ConfigInputs } from '../../analysis/effective-config.ts';
import { busyPercents } from '../../analysis/handlers-busy.ts';
import { recommendedThreads } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Recommendation, type RunContext } from '../check.ts';
import { applyConfiguration } from '../shared/apply-config.ts';
import { numberOf, readSettings, SETTING_SECTIONS } from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, findingsAbove, levelColumns, levelsOf, quantileOf } from '../shared/levels.ts';
import { BEST_PRACTICES, MONITORING, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { compareLoads, showMetric } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { CHEAPER_FIRST, SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';

const [IO, NETWORK] = ['num.io.threads', 'num.network.threads'] as const;
const METRIC = METRICS.networkProcessorIdle;
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'network-threads-saturated',
  area: 'performance',
  title: { pass: 'Network threads have time to spare', fail: 'Network threads saturated' },
  why: 'Requests and answers wait for a network thread before and after any other work, and new connections are accepted late.',
  references: [MONITORING, BEST_PRACTICES],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', ...SETTING_SECTIONS, 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', ...SETTING_SECTIONS, 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, prices, ...inputs }, thresholds, run) {
    const { busyPercent, minCoveragePercent } = thresholds;
    const of = (definition: typeof METRIC) => brokerSeries(metrics, definition, run, { masked: false });
    const idle = of(METRIC);
    const busy = new Map(
      busyPercents([...idle.values()]).map((series) => [series.dimensions['Broker ID'] ?? '', series]),
    );
    const levels = levelsOf(busy, 0.95);
    const busiest = levels[0];
    return conclude({
      findings: findingsAbove(levels, [['medium', busyPercent]], thresholds, 'percent', run).map((found) => ({
        ...found,
        severity: severityFor(run, ['medium', 'medium', 'info']),
      })),
      gap: metricGap(metrics, METRIC, idle, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
      evidence: [
        brokerTable(
          'Busy network threads by broker',
          levels.map(({ brokerId }) => brokerId),
          [
            ...levelColumns(levels, 'Busy, p95', 'percent'),
            ['connections', 'Connections, p95', 'count', quantileOf(connectionsByBroker(metrics), 0.95)],
            ['iam', 'of them IAM', 'count', quantileOf(connectionsByBroker(metrics, undefined, 'IAM'), 0.95)],
            ['created', 'New, p95', 'countPerSec', quantileOf(of(METRICS.connectionCreationRate), 0.95)],
            ['shaped', 'Packets shaped, most in a period', 'count', quantileOf(of(METRICS.packetsShaped), 1)],
          ],
          {
            source: seriesSource(METRIC, [...idle.values()], run),
            ...(busiest === undefined ? {} : showMetric(run, METRIC, busiest.brokerId)),
          },
        ),
      ],
      pass:
        busiest === undefined
          ? ''
          : `The busiest network threads, of broker ${busiest.brokerId}, were busy for ${percent(busiest.value)} of the time at the 95th percentile (limit ${percent(busyPercent)}).`,
      fail: (worst) =>
        `Network threads of broker ${worst.resource} were busy for ${percent(worst.measured!)} of the time at the 95th percentile (limit ${percent(worst.limit!)}).`,
      recommend: () => recommend(inputs, prices, run),
    });
  },
});

function recommend(inputs: ConfigInputs, prices: Collected<SectionValue<'prices'>>, run: RunContext): Recommendation {
  const { cluster, configuration } = inputs;
  const provisioned = cluster.ok && cluster.value.kind === 'provisioned-standard' ? cluster.value : null;
  const advised = provisioned === null ? null : recommendedThreads(provisioned.instanceType);
  const { found } = readSettings([IO, NETWORK], inputs);
  const isBelow = (key: string, most: number) => (numberOf(found.get(key)) ?? most) < most;
  const common = {
    confirmFirst:
      'Rule out a connection storm (a deployment, short-lived clients): its connections and handshakes are over soon, and more threads only hide it.',
    risk: SIZE_CHANGE_RISK,
    expectedEffect: 'Requests are read and answers are sent without waiting for a thread.',
    verifyAfter: 'NetworkProcessorAvgIdlePercent of every broker stays above 30 % over a full day.',
    effort: 'clientChange' as const,
  };
  const first = 'Keep connections open and let clients send and fetch more at once; only then';
  // Nobody advises more than AWS gives for the size.
  if (advised !== null && isBelow(NETWORK, advised.networkThreads)) {
    const lines = [
      ...(isBelow(IO, advised.ioThreads) ? [`${IO}=${advised.ioThreads}`] : []),
      `${NETWORK}=${advised.networkThreads}`,
    ];
    return {
      ...common,
      action: `${first} set ${lines.join(' and ')}`,
      commands: applyConfiguration(lines, configuration, run),
      impact: { kind: 'none' },
    };
  }
  const step = sizeUp(cluster);
  return {
    ...common,
    action: `${first} ${step === null ? 'take a larger size or more brokers' : `go from ${step.from} to ${step.to}`}`,
    commands: [...compareLoads(run, METRICS.clientConnections), ...sizeUpCommands(step, run)],
    cheaperFirst: CHEAPER_FIRST,
    impact: sizeUpImpact(step, prices),
  };
}
