// Packets that the instance's network dropped or queued above an allowance: latency and loss without any sign in CPU or disk.
import { minutesWhere } from '../../analysis/series.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { type BrokerColumn, brokerTable, quantileOf } from '../shared/levels.ts';
import { METRICS_PAGE, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { compareLoads, showMetric } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { CHEAPER_FIRST, SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';
import { listed } from '../shared/wording.ts';

const METRIC = METRICS.trafficShaping;
/** The allowances behind it, which the level PER_BROKER names, with what relieves each. */
const ALLOWANCES: readonly (readonly [key: string, name: string, relief: string, definition: MetricDefinition])[] = [
  ['in', 'bandwidth in', 'balance the leaders', METRICS.inboundShaped],
  ['out', 'bandwidth out', 'balance the leaders and let readers fetch from their own zone', METRICS.outboundShaped],
  ['packets', 'packets a second', 'send larger compressed batches', METRICS.packetsShaped],
  ['connections', 'tracked connections', 'keep fewer connections', METRICS.connectionsShaped],
];

export default defineCheck({
  id: 'traffic-shaped',
  area: 'performance',
  title: { pass: 'Network allowances are kept', fail: 'Network traffic shaped' },
  why: 'Packets above an allowance of the instance are queued or dropped: clients and followers see latency that no CPU or disk explains.',
  references: [METRICS_PAGE],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    ...NOT_SEEN_ELSEWHERE,
    'provisioned-express': 'Express brokers publish no allowances; they throttle by quota.',
  },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, prices }, { minMinutes, minCoveragePercent }, run) {
    const of = (definition: MetricDefinition) => brokerSeries(metrics, definition, run);
    const all = of(METRIC);
    const allowances = ALLOWANCES.map(([key, name, relief, definition]) => ({
      key,
      name,
      relief,
      series: of(definition),
    }));
    const ids = [...new Set([...all.keys(), ...allowances.flatMap(({ series }) => [...series.keys()])])];
    const minutesOf = (series: ReturnType<typeof of>, id: string) => {
      const own = series.get(id);
      return own === undefined ? 0 : minutesWhere(own, (packets) => packets > 0);
    };
    const exceeded = (id: string) => allowances.filter(({ series }) => minutesOf(series, id) > 0);
    const findings = ids.flatMap((id): FindingDraft[] => {
      const shaped = Math.max(minutesOf(all, id), ...allowances.map(({ series }) => minutesOf(series, id)));
      if (shaped < minMinutes || shaped === 0) return [];
      const names = exceeded(id).map(({ name }) => name);
      return [
        {
          scope: 'broker',
          resource: id,
          severity: severityFor(run, ['high', 'medium', 'low']),
          measured: shaped,
          limit: minMinutes,
          unit: 'minutes',
          note:
            names.length === 0
              ? 'which allowance shows at the level PER_BROKER'
              : `above ${listed(names, ALLOWANCES.length)}`,
          confidence: 1,
        },
      ];
    });
    const worst = findings.reduce<FindingDraft | null>(
      (a, b) => (a === null || b.measured! > a.measured! ? b : a),
      null,
    );
    return conclude({
      findings,
      gap: metricGap(metrics, METRIC, all, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
      evidence: [
        brokerTable(
          'Shaped traffic by broker',
          ids,
          [
            ['minutes', 'Time with shaped packets', 'minutes', (id) => minutesOf(all, id)],
            ['most', 'Packets, most in a period', 'count', quantileOf(all, 1)],
            ...allowances.map(
              ({ key, name, series }): BrokerColumn => [
                key,
                `Above ${name}, most in a period`,
                'count',
                quantileOf(series, 1),
              ],
            ),
            ['bytesIn', 'Bytes in, p95', 'bytesPerSec', quantileOf(of(METRICS.bytesIn), 0.95)],
            ['bytesOut', 'Bytes out, p95', 'bytesPerSec', quantileOf(of(METRICS.bytesOut), 0.95)],
          ],
          {
            source: `${seriesSource(METRIC, [...all.values()], run)}, outside maintenance`,
            ...(worst === null ? {} : showMetric(run, METRIC, worst.resource)),
          },
        ),
      ],
      pass: 'No broker had packets shaped for long enough to count.',
      fail: ({ resource, measured, note }) =>
        `The network of broker ${resource} shaped packets for ${formatQuantity(measured, 'minutes')}: ${note}.`,
      recommend: ({ resource }) => {
        const step = sizeUp(cluster);
        const reliefs = exceeded(resource).map(({ relief }) => relief);
        return {
          action: `First ${reliefs.length === 0 ? 'balance the leaders and send larger compressed batches' : listed(reliefs, ALLOWANCES.length)}; only then ${step === null ? 'take a larger size' : `go from ${step.from} to ${step.to}`}`,
          confirmFirst: PASSING_LOAD,
          commands: [...compareLoads(run, METRICS.bytesOut), ...sizeUpCommands(step, run)],
          risk: SIZE_CHANGE_RISK,
          expectedEffect: 'Retransmissions and the latency that they cause go away; CPU does not change.',
          verifyAfter: 'TrafficShaping of every broker is 0 over a full day.',
          effort: 'clientChange',
          cheaperFirst: CHEAPER_FIRST,
          impact: sizeUpImpact(step, prices),
        };
      },
    });
  },
});
