// Network threads read requests and write answers, request handlers do the work: AWS advises half as many of the former. More of them only
// queue more in front of the handlers.
import { asPercents } from '../../analysis/scales.ts';
import { seriesQuantile } from '../../analysis/series.ts';
import { brokerSizeOf } from '../../facts/broker-sizes.ts';
import { MSK_THREADS } from '../../facts/broker-threads.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type RunContext } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import { numberOf, readSettings, SETTING_SECTIONS, settingsTable, TOLERATED } from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { setThreads } from '../shared/overrides.ts';
import { brokerSeries, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';

const [IO, NETWORK] = ['num.io.threads', 'num.network.threads'] as const;
const LOW_TAIL = 1 - 0.95;

export default defineCheck({
  id: 'network-threads-unpaired',
  area: 'broker-config',
  title: { pass: 'Network and handler threads in proportion', fail: 'More network threads than handlers can serve' },
  why: 'Requests are then read faster than they are handled: they queue in memory, and CPU goes to switching threads.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_num.network.threads',
  ],
  appliesTo: ['provisioned-standard', 'kafka'],
  notApplicable: {
    'provisioned-express': 'AWS fixes the threads of Express brokers.',
    serverless: 'MSK Serverless has no broker settings.',
  },
  needs: [],
  mayUse: [...SETTING_SECTIONS, 'metrics'],
  toleratesPartial: [...TOLERATED, 'metrics'],
  evaluate({ metrics, ...inputs }, thresholds, run) {
    const { found, gap } = readSettings([IO, NETWORK], inputs);
    const [io, network] = [numberOf(found.get(IO)), numberOf(found.get(NETWORK))];
    if (io === null || network === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const limit = (io * thresholds.maxPercentOfIo) / 100;
    const isRaisedAlone = network > MSK_THREADS.network && io === MSK_THREADS.io;
    const confidence = Math.min(found.get(IO)!.confidence, found.get(NETWORK)!.confidence);
    const findings: FindingDraft[] =
      network > limit || isRaisedAlone
        ? [
            {
              scope: 'cluster',
              resource: run.clusterName,
              severity: severityFor(run, ['low', 'low', 'info']),
              measured: network,
              limit: Math.min(limit, isRaisedAlone ? MSK_THREADS.network : limit),
              unit: 'count',
              note: `${io} request handlers${isRaisedAlone ? ', which is their default' : ''}`,
              confidence,
            },
          ]
        : [];
    const size =
      inputs.cluster.ok && inputs.cluster.value.kind !== 'serverless'
        ? brokerSizeOf(inputs.cluster.value.instanceType)
        : null;
    // One dynamic step: Kafka takes no less than half and no more than twice of what runs.
    const target = Math.min(Math.max(size?.vcpu ?? 0, 2 * network), 2 * io);
    const back = Math.max(
      run.clusterKind === 'kafka' ? 1 : MSK_THREADS.network,
      Math.ceil(io / 2),
      Math.ceil(network / 2),
    );
    const isBack = back < network;
    return conclude({
      findings,
      gap,
      evidence: [settingsTable('Threads', [...found.values()]), ...(metrics.ok ? idleTable(metrics.value, run) : [])],
      pass: `${network} network threads for ${io} request handlers (limit ${formatQuantity(limit, 'count')}).`,
      fail: () =>
        `${network} network threads for ${io} request handlers (limit ${formatQuantity(findings[0]!.limit, 'count')}).`,
      recommend: () => ({
        action: `Bring ${IO} to ${target} first where handlers are busy${isBack ? `, else ${NETWORK} back to ${back}` : ''}`,
        confirmFirst: `Rule out TLS for many clients, which keeps network threads busy by itself. ${CONFIRM_CONFIG}`,
        commands: [
          ...setThreads('Raise the request handlers', IO, target, found.get(IO), inputs.kafkaBrokerConfigs),
          ...applyConfiguration([`${IO}=${target}`, `${NETWORK}=${network}`], inputs.configuration, run),
          ...(isBack
            ? setThreads(
                `Instead, where handlers idle: ${IO}=${io} stays, and the file gets ${NETWORK}=${back}. Lower the network threads`,
                NETWORK,
                back,
                found.get(NETWORK),
                inputs.kafkaBrokerConfigs,
              )
            : []),
        ],
        risk: `Too few network threads show as NetworkProcessorAvgIdlePercent near 0. ${RESTART_RISK}`,
        expectedEffect: 'Requests wait less between the two kinds of threads.',
        verifyAfter: 'RequestHandlerAvgIdlePercent and NetworkProcessorAvgIdlePercent both stay above 0.3.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

function idleTable(metrics: SectionValue<'metrics'>, run: RunContext): Evidence[] {
  const handlers = brokerSeries(metrics, METRICS.requestHandlerIdle, run);
  const network = brokerSeries(metrics, METRICS.networkProcessorIdle, run);
  const ids = [...handlers.keys()].filter((id) => network.has(id));
  if (ids.length === 0) return [];
  const low = (all: typeof handlers) => {
    const percents = asPercents(ids.map((id) => all.get(id)!));
    return (id: string) => seriesQuantile(percents[ids.indexOf(id)]!, LOW_TAIL);
  };
  return [
    brokerTable(
      'Idle threads, 5th percentile',
      ids,
      [
        ['handlers', 'Request handlers', 'percent', low(handlers)],
        ['network', 'Network threads', 'percent', low(network)],
      ],
      {
        source: seriesSource(
          { ...METRICS.requestHandlerIdle, name: 'RequestHandlerAvgIdlePercent, NetworkProcessorAvgIdlePercent' },
          [...handlers.values(), ...network.values()],
          run,
        ),
      },
    ),
  ];
}
