// t3 brokers earn CPU credits for a fifth of two cores and are slowed down to that when the credits are gone. AWS means them for tests:
// docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html
import { familyOf } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { clusterFinding } from '../shared/security.ts';
import { brokerSeries, seriesSource } from '../shared/series.ts';
import { notServing } from '../shared/serving.ts';
import { severityFor } from '../shared/severity.ts';
import { SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';

export default defineCheck({
  id: 'instance-burstable-in-production',
  area: 'lifecycle',
  title: { pass: 'Brokers have their full CPU at all times', fail: 'Brokers that live on CPU credits' },
  why: 'When the credits are gone, and a busy day or a replay is enough, every broker runs at a fifth of its speed.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-broker-type.html',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'No size of Express brokers lives on credits.',
    serverless: 'MSK Serverless has no brokers to size.',
    kafka: 'What machines a cluster outside MSK runs on, the Kafka protocol does not tell.',
  },
  needs: ['cluster'],
  mayUse: ['metrics', 'prices'],
  toleratesPartial: ['cluster', 'metrics', 'prices'],
  evaluate({ cluster, metrics, prices }, _thresholds, run) {
    const early = notServing(cluster);
    if (early !== null) return early;
    const type = cluster.kind === 'serverless' ? '' : cluster.instanceType;
    const isBurstable = familyOf(type) === 't3';
    if (isBurstable && run.environment === 'development')
      return { kind: 'pass', summary: `${type} is what AWS means for development.`, evidence: [] };
    const of = (definition: typeof METRICS.cpuUser) =>
      metrics.ok ? brokerSeries(metrics.value, definition, run) : new Map<string, never>();
    const credits = of(METRICS.cpuCreditBalance);
    const ids = [...new Set([...credits.keys(), ...of(METRICS.cpuUser).keys()])];
    const step = sizeUp({ ok: true, value: cluster, asOfMs: run.takenAtMs });
    const share = step === null ? '' : ` ${formatQuantity(step.brokerCount, 'count')} brokers,`;
    return conclude({
      findings: clusterFinding(isBurstable ? 'unmet' : 'met', run, severityFor(run, ['high', 'medium', 'info']), type),
      gap: null,
      evidence:
        isBurstable && ids.length > 0
          ? [
              brokerTable(
                'CPU and credits by broker',
                ids,
                [
                  ['credits', 'Credits, lowest twentieth', 'count', quantileOf(credits, 1 - 0.95)],
                  ['user', 'User CPU, 95th percentile', 'percent', quantileOf(of(METRICS.cpuUser), 0.95)],
                  ['system', 'System CPU, 95th percentile', 'percent', quantileOf(of(METRICS.cpuSystem), 0.95)],
                ],
                { source: seriesSource(METRICS.cpuCreditBalance, [...credits.values()], run) },
              ),
            ]
          : [],
      pass: `${type} does not live on CPU credits.`,
      fail: () => `The cluster is judged as ${run.environment} and runs on ${type}, which lives on CPU credits.`,
      recommend: () => ({
        action: `Go from ${type} to ${step?.to ?? 'a size of the family m7g'}, off peak, before the credits run out`,
        confirmFirst: 'Rule out a test cluster that only its name or a missing tag makes production.',
        commands: sizeUpCommands(step, run),
        risk: `${SIZE_CHANGE_RISK} There is no way back to t3.`,
        expectedEffect: `All of the CPU is there at all times:${share} two cores each.`,
        verifyAfter: 'DescribeClusterV2 shows the new size and state ACTIVE, and no partition is under-replicated.',
        effort: 'rollingRestart',
        impact: sizeUpImpact(step, prices),
      }),
    });
  },
});
