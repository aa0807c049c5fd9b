// What the brokers that stay would have to carry when a zone is lost (K27): CPU by a model of leader and follower load, what
// they would send over the network, and the quotas of Express.
import { type BrokerHeadroom, brokerHeadrooms } from '../../analysis/headroom.ts';
import { usualReplication } from '../../analysis/usual-replication.ts';
import { brokerSizeOf } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { bytesAfterLoss, MODELLED } from '../shared/bytes-after-loss.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { BEST_PRACTICES, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { compareLoads } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { CHEAPER_FIRST, SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';
import { windowHours } from '../shared/wording.ts';

const READ = [METRICS.cpuUser, METRICS.cpuSystem, METRICS.bytesIn, METRICS.bytesOut];
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'failure-headroom-low',
  area: 'capacity',
  title: { pass: 'The load fits after a zone is lost', fail: 'No room for a lost zone' },
  why: 'When a zone fails, or its brokers are patched, the others carry its leaders: without room one failure becomes an outage of all.',
  references: [BEST_PRACTICES],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics', 'cluster'],
  mayUse: ['nodes', 'kafkaBrokers', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  evaluate({ metrics, cluster, prices, nodes, kafkaBrokers, ...more }, { maxCpuPercent, minCoveragePercent }, run) {
    const described = { ok: true as const, value: cluster, asOfMs: run.takenAtMs };
    const replication = usualReplication(more.kafkaTopics, { ...more, cluster: described });
    if (cluster.kind === 'serverless' || replication === null)
      return { kind: 'no-data', because: 'Not measured: the replication factor of the topics is not known.' };
    const shape = { brokers: cluster.brokerCount, azs: cluster.azCount, rf: replication.rf };
    const rows = brokerHeadrooms(metrics, shape);
    const [tightest] = rows;
    const isExpress = cluster.kind === 'provisioned-express';
    const nobodyElse = `there is no other ${shape.brokers > 1 ? 'zone' : 'broker'}`;
    const severity = severityFor(run, ['high', 'medium', 'info']);
    const common = { scope: 'broker', severity, unit: 'percent' } as const;
    const ofCpu = rows
      .filter(({ worstCpu }) => worstCpu > maxCpuPercent)
      .map(
        ({ brokerId, worstCpu, cpuPercent, azLoss, followerIn }): FindingDraft => ({
          ...common,
          resource: brokerId,
          ...(Number.isFinite(worstCpu)
            ? {
                measured: worstCpu,
                limit: maxCpuPercent,
                note: `CPU from ${percent(cpuPercent)} today; ${percent(azLoss.conservativeCpu)} if all of it moves with the leaders`,
              }
            : { measured: null, limit: null, note: nobodyElse }),
          confidence: followerIn === 'measured' ? 1 : MODELLED,
        }),
      );
    const bound = new Set(ofCpu.map(({ resource }) => resource));
    const uses = bytesAfterLoss(metrics, cluster, shape, run);
    const ofBytes = [...uses]
      .filter(([brokerId, { share }]) => share > 1 && !bound.has(brokerId))
      .map(
        ([brokerId, { share, note, confidence }]): FindingDraft => ({
          ...common,
          resource: brokerId,
          measured: 100 * share,
          limit: 100,
          note,
          confidence,
        }),
      );
    const fullest = [...uses].toSorted(([, a], [, b]) => b.share - a.share)[0];
    return conclude({
      findings: [...ofCpu, ...ofBytes],
      gap: firstGap(
        ...READ.map((definition) =>
          metricGap(
            metrics,
            definition,
            brokerSeries(metrics, definition, run, { masked: false }),
            expectedBrokers(nodes, kafkaBrokers),
            minCoveragePercent,
          ),
        ),
        tightest === undefined ? 'no broker has both CPU use and traffic' : null,
        brokerSizeOf(cluster.instanceType) === null
          ? `what the network of ${safeLabel(cluster.instanceType, 40)} carries is not known`
          : null,
      ),
      evidence: [
        {
          title: 'CPU of the brokers that stay',
          columns: [
            { key: 'broker', label: 'Broker', as: 'name' },
            { key: 'cpu', label: 'Today, p95', as: 'percent' },
            { key: 'zone', label: 'One zone lost', as: 'percent' },
            { key: 'conservative', label: 'One zone lost, all CPU moves', as: 'percent' },
            { key: 'broker1', label: 'One broker lost', as: 'percent' },
            { key: 'base', label: 'Without traffic', as: 'percent' },
            { key: 'in', label: 'Leader in', as: 'bytesPerSec' },
            { key: 'out', label: 'Leader out', as: 'bytesPerSec' },
            { key: 'follower', label: 'Follower in', as: 'bytesPerSec' },
            { key: 'moved', label: 'After the loss, at the peak', as: 'bytesPerSec' },
            { key: 'moveShare', label: isExpress ? 'Of the largest quota' : 'Of the network', as: 'percent' },
          ],
          rows: rows.map((row) => {
            const use = uses.get(row.brokerId);
            return {
              ...rowOf(row),
              moved: use?.bytesPerSec ?? null,
              moveShare: use === undefined ? null : 100 * use.share,
            };
          }),
          source: `CloudWatch CpuUser + CpuSystem, BytesInPerSec, BytesOutPerSec${tightest?.followerIn === 'estimated' ? ', followers taken to carry alike' : ', ReplicationBytesInPerSec'}, last ${windowHours(run)} h; ${shape.brokers} brokers in ${shape.azs} zones, replication factor ${shape.rf} (${replication.source})`,
        },
      ],
      pass:
        tightest === undefined || fullest === undefined
          ? ''
          : `With one zone lost the tightest broker, ${tightest.brokerId}, would use ${percent(tightest.worstCpu)} CPU (limit ${percent(maxCpuPercent)}), and the busiest, ${fullest[0]}, move ${percent(100 * fullest[1].share)} ${fullest[1].note}.`,
      fail: ({ resource, measured, limit, note }) =>
        measured === null
          ? `Nothing can carry the load of broker ${resource}: ${nobodyElse}.`
          : `With one zone lost broker ${resource} would need ${percent(measured)} (limit ${percent(limit!)}): ${note}.`,
      recommend: ({ measured }) => {
        // A larger size does not help where nobody is left.
        if (measured === null)
          return {
            action: 'Move what must not stop to a cluster with brokers in three zones',
            confirmFirst: 'Rule out that nothing depends on this cluster: then accept it in the policy.',
            commands: [],
            risk: 'Moving to another cluster is a migration of every client.',
            expectedEffect: 'The loss of a broker or a zone, and every patch, no longer stops what runs.',
            verifyAfter: 'DescribeClusterV2 shows brokers in three zones, and topics have a replica in each.',
            effort: 'migration',
            impact: { kind: 'unknown', because: 'it depends on the cluster that is chosen' },
          };
        const step = sizeUp(described);
        return {
          action: `First cut the load (larger compressed batches, even leaders, readers in their own zone); then ${step === null ? 'add brokers in every zone' : `go from ${step.from} to ${step.to}, or add brokers in every zone`}`,
          confirmFirst: PASSING_LOAD,
          commands: [...compareLoads(run, METRICS.bytesIn), ...sizeUpCommands(step, run)],
          risk: SIZE_CHANGE_RISK,
          expectedEffect: 'The cluster carries its load through the loss of a zone and through every patch.',
          verifyAfter:
            'The modelled CPU and bytes of every broker after the loss of a zone stay below the limit over a full day.',
          effort: 'rollingRestart',
          cheaperFirst: CHEAPER_FIRST,
          impact: sizeUpImpact(step, prices),
        };
      },
    });
  },
});

function rowOf({ brokerId, cpuPercent, azLoss, brokerLoss, basePercent, load }: BrokerHeadroom) {
  return {
    broker: brokerId,
    cpu: cpuPercent,
    zone: finite(azLoss.modelCpu),
    conservative: finite(azLoss.conservativeCpu),
    broker1: finite(brokerLoss.modelCpu),
    base: basePercent,
    in: load.leaderIn,
    out: load.leaderOut,
    follower: load.followerIn,
  };
}

/** Null for what nobody is left to carry. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
