// Packets that were lost or broken at a broker's network interface. AWS expects none.
import { minutesWhere, sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';
import { sum } from '../../analysis/statistics.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { METRICS_PAGE, NO_RISK, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';

const TROUBLE = [METRICS.receiveErrors, METRICS.receiveDropped, METRICS.transmitErrors, METRICS.transmitDropped];
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'network-errors',
  area: 'performance',
  title: { pass: 'Brokers lose no packets', fail: 'Brokers losing packets' },
  why: 'Lost packets are sent again: throughput of TCP collapses long before any other number of the broker looks bad.',
  references: [METRICS_PAGE],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers'],
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ metrics, nodes, kafkaBrokers }, { maxTimePercent, maxPacketsPercent, minCoveragePercent }, run) {
    const of = (definition: MetricDefinition) => brokerSeries(metrics, definition, run);
    const kinds = TROUBLE.map(of);
    const joined = (all: readonly ReadonlyMap<string, TrustedSeries>[], id: string) =>
      sumByTimestamp(
        all.flatMap((each) => each.get(id) ?? []),
        { silentAfterSec: 0 },
      );
    const packets = [of(METRICS.receivePackets), of(METRICS.transmitPackets)];
    const shaped = of(METRICS.trafficShaping);
    const rows = [...new Set(kinds.flatMap((each) => [...each.keys()]))].map((id) => {
      const trouble = joined(kinds, id);
      const lost = sum(trouble.measured);
      const all = sum(joined(packets, id).measured);
      const minutes = minutesWhere(trouble, (count) => count > 0);
      const periods = trouble.measured.filter((count) => count > 0).length;
      return {
        id,
        lost,
        minutes,
        // Of the minutes of a period one at least: four lost packets a day are no twenty minutes.
        timePercent: trouble.count === 0 ? 0 : (100 * periods) / minutesWhere(trouble, () => true),
        packetsPercent: all > 0 ? (100 * lost) / all : null,
        wasShaped: minutesWhere(shaped.get(id) ?? trouble, (count) => count > 0) > 0 && shaped.has(id),
      };
    });
    const findings = rows.flatMap(({ id, lost, timePercent, packetsPercent, wasShaped }): FindingDraft[] => {
      const isOften = timePercent > maxTimePercent;
      if (!isOften && (packetsPercent ?? 0) <= maxPacketsPercent) return [];
      return [
        {
          scope: 'broker',
          resource: id,
          severity: severityFor(run, ['medium', 'low', 'info']),
          measured: isOften ? timePercent : packetsPercent,
          limit: isOften ? maxTimePercent : maxPacketsPercent,
          unit: 'percent',
          note: `${isOften ? 'of the minutes at least' : 'of the packets'}, ${formatQuantity(lost, 'count')} packets${wasShaped ? '; the same broker’s traffic was shaped' : ''}`,
          confidence: 1,
        },
      ];
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return conclude({
      findings,
      gap: firstGap(
        ...TROUBLE.map((definition, i) =>
          metricGap(metrics, definition, kinds[i]!, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
        ),
      ),
      evidence: [
        brokerTable(
          'Lost packets by broker',
          rows.toSorted((a, b) => b.lost - a.lost).map(({ id }) => id),
          [
            ['lost', 'Errors and drops', 'count', (id) => byId.get(id)!.lost],
            ['minutes', 'Time of periods with any', 'minutes', (id) => byId.get(id)!.minutes],
            ['share', 'Of all packets', 'percent', (id) => byId.get(id)!.packetsPercent],
          ],
          {
            source: `${seriesSource(
              { ...METRICS.receiveErrors, name: 'NetworkRx/TxErrors + NetworkRx/TxDropped' },
              kinds.flatMap((each) => [...each.values()]),
              run,
            )}, outside maintenance`,
            ...(findings[0] === undefined ? {} : showMetric(run, METRICS.receiveDropped, findings[0].resource)),
          },
        ),
      ],
      pass: 'No broker lost packets often enough to count.',
      fail: ({ resource, measured, limit, note }) =>
        `Broker ${resource} lost packets: ${percent(measured!)} ${note} (limit ${percent(limit!)}).`,
      recommend: ({ resource }) => ({
        action: byId.get(resource)!.wasShaped
          ? 'Relieve the network of the broker, whose traffic was shaped: balance it, compress, or take a larger size'
          : 'Open a case with AWS Support: packets are lost although no allowance was exceeded',
        confirmFirst:
          'Rule out a restart of the broker, and traffic above an allowance of the instance (TrafficShaping).',
        commands: [],
        risk: NO_RISK,
        expectedEffect: 'Retransmissions end, and with them latency that no broker metric explains.',
        verifyAfter: 'NetworkRxErrors, NetworkTxErrors, NetworkRxDropped and NetworkTxDropped are 0 over a full day.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});
