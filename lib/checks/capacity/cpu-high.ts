// User plus system CPU of each broker, 95th percentile of five-minute averages. AWS keeps it below 60 %, so that the brokers left after a
// failure, or during the rolling restart of a patch, can carry the load. Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.
import { connectionsByBroker } from '../../analysis/connection-use.ts';
import { busyPercents } from '../../analysis/handlers-busy.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type Recommendation, type RunContext } from '../check.ts';
import { bothOf } from '../shared/both-of.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, findingsAbove, levelColumns, levelsOf, quantileOf } from '../shared/levels.ts';
import { BEST_PRACTICES, PASSING_LOAD } from '../shared/load-words.ts';
import { compareLoads, showMetric } from '../shared/metric-command.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { CHEAPER_FIRST, SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';

const TAIL = 0.95;
const NAME = 'CpuUser + CpuSystem';
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'cpu-high',
  area: 'capacity',
  title: { pass: 'Brokers have CPU to spare', fail: 'Brokers short of CPU' },
  why: 'A busy broker answers late, falls behind with replication, and cannot carry the load of a neighbour that restarts.',
  references: [BEST_PRACTICES],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no brokers to size.',
    kafka: 'CPU of brokers outside MSK is not visible through the Kafka protocol.',
  },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, prices }, thresholds, run) {
    const { mediumPercent, highPercent, criticalPercent, minCoveragePercent } = thresholds;
    const of = (definition: typeof METRICS.cpuUser) => brokerSeries(metrics, definition, run, { masked: false });
    const [user, system] = [of(METRICS.cpuUser), of(METRICS.cpuSystem)];
    const all = bothOf(user, system);
    const conversions = bothOf(of(METRICS.produceConversions), of(METRICS.fetchConversions));
    const busy = new Map(
      busyPercents([...of(METRICS.requestHandlerIdle).values()]).map((series) => [
        series.dimensions['Broker ID'] ?? '',
        series,
      ]),
    );
    const levels = levelsOf(all, TAIL);
    const busiest = levels[0];
    return conclude({
      findings: findingsAbove(
        levels,
        [
          ['critical', criticalPercent],
          ['high', highPercent],
          ['medium', mediumPercent],
        ],
        thresholds,
        'percent',
        run,
      ),
      gap: coverageGap(all, expectedBrokers(nodes, kafkaBrokers), NAME, minCoveragePercent),
      evidence: [
        brokerTable(
          `${NAME} by broker`,
          levels.map(({ brokerId }) => brokerId),
          [
            ...levelColumns(levels, '95th percentile', 'percent'),
            ['user', 'User', 'percent', quantileOf(user, TAIL)],
            ['system', 'System', 'percent', quantileOf(system, TAIL)],
            ['ioWait', 'Waiting for disk', 'percent', quantileOf(of(METRICS.cpuIoWait), TAIL)],
            ['handlersBusy', 'Handlers busy', 'percent', quantileOf(busy, TAIL)],
            ['connections', 'Connections, p95', 'count', quantileOf(connectionsByBroker(metrics), TAIL)],
            ['conversions', 'Converted', 'countPerSec', quantileOf(conversions, TAIL)],
            ['requestBytes', 'Mean request', 'bytes', quantileOf(of(METRICS.requestBytesMean), 0.5)],
          ],
          {
            source: seriesSource(
              { ...METRICS.cpuUser, name: NAME },
              levels.map(({ series }) => series),
              run,
            ),
            ...(busiest === undefined ? {} : showMetric(run, METRICS.cpuUser, busiest.brokerId)),
          },
        ),
      ],
      pass:
        busiest === undefined
          ? ''
          : `The busiest, broker ${busiest.brokerId}, used ${percent(busiest.value)} at the 95th percentile${busiest.value > mediumPercent ? ', in peaks too short to count' : ''} (limit ${percent(mediumPercent)}).`,
      fail: (worst, { length }) =>
        `Broker ${worst.resource} used ${percent(worst.measured!)} CPU at the 95th percentile (limit ${percent(worst.limit!)}); ${plural(length, 'broker')} of ${levels.length} above ${percent(mediumPercent)}.`,
      recommend: (worst, { length }) => recommend(worst.measured!, length < levels.length, cluster, prices, run),
    });
  },
});

function recommend(
  p95: number,
  uneven: boolean,
  cluster: Collected<SectionValue<'cluster'>>,
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Recommendation {
  const upgrade = sizeUp(cluster);
  const spread = uneven ? 'spread leaders and partitions evenly, ' : '';
  const last =
    upgrade === null
      ? 'only then add brokers or take a larger size'
      : `only then go from ${upgrade.from} to ${upgrade.to}`;
  return {
    action: `First ${spread}let producers send larger compressed batches and keep connections open; ${last}`,
    confirmFirst: PASSING_LOAD,
    commands: [...compareLoads(run, METRICS.messagesIn), ...sizeUpCommands(upgrade, run)],
    risk: SIZE_CHANGE_RISK,
    expectedEffect:
      upgrade === null
        ? 'CPU use falls with the number of requests and connections.'
        : upgrade.share === 1
          ? 'The brokers are no longer held back by CPU credits.'
          : `The larger size would bring the busiest broker from ${percent(p95)} to about ${percent(p95 * upgrade.share)}.`,
    verifyAfter: 'The 95th percentile of CpuUser + CpuSystem of every broker stays below the limit over a full day.',
    effort: 'rollingRestart',
    cheaperFirst: CHEAPER_FIRST,
    impact: sizeUpImpact(upgrade, prices),
  };
}
