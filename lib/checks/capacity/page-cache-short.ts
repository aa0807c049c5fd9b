// Seconds of traffic that the page cache holds, against what readers need of it. Only where reads do come from disk.
import { pageCacheSeconds } from '../../analysis/broker-resources.ts';
import { findSeries, seriesQuantile, trustedPoints } from '../../analysis/series.ts';
import { mean, sum } from '../../analysis/statistics.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { GIB } from '../../analysis/topic-load.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { showReaders } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { brokerSeries, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';
import { listed, windowHours } from '../shared/wording.ts';

const READ = [
  METRICS.memoryCached,
  METRICS.bytesIn,
  METRICS.bytesOut,
  METRICS.replicationBytesIn,
  METRICS.volumeReadBytes,
];
const seconds = (value: number | null) => formatQuantity(value, 'durationSec');

export default defineCheck({
  id: 'page-cache-short',
  area: 'capacity',
  title: { pass: 'Readers are served from memory', fail: 'Readers served from disk' },
  why: 'What is read after it has left the page cache comes from disk, slows down the writes of all, and pushes more out of the cache.',
  references: ['https://kafka.apache.org/documentation/#hwandos'],
  appliesTo: ['provisioned-standard'],
  notApplicable: { ...NOT_SEEN_ELSEWHERE, 'provisioned-express': 'Express brokers publish no reads of volumes.' },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, prices }, thresholds, run) {
    const { minSeconds, readSharePercent, minMiBPerSec, minCoveragePercent } = thresholds;
    const all = READ.map((definition) => brokerSeries(metrics, definition, run));
    const cached = all[0]!;
    const rows = [...cached.keys()].flatMap((id) => {
      const means = all.flatMap((each) => mean(each.get(id)?.measured ?? []) ?? []);
      if (means.length < READ.length) return [];
      const [memory, taken, sent, followed, read] = means as [number, number, number, number, number];
      const window = pageCacheSeconds(memory / GIB, taken / MIB, followed / MIB);
      const readPerSec = read / METRICS.volumeReadBytes.periodSec;
      // Nothing sent and nothing read is no share at all.
      const share = sent > 0 ? (100 * readPerSec) / sent : 0;
      return [{ id, memory, window, readPerSec, share }];
    });
    const lag = latestReader(metrics, minMiBPerSec, run);
    const fromDisk = rows.filter(({ share }) => share > readSharePercent);
    const findings = fromDisk.flatMap(({ id, window, share }): FindingDraft[] => {
      const needed = Math.max(minSeconds, lag.sec ?? 0);
      if (window === null || window >= needed) return [];
      return [
        {
          scope: 'broker',
          resource: id,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: window,
          limit: needed,
          unit: 'durationSec',
          note: `${formatQuantity(share, 'percent')} of what is sent comes from disk${lag.sec !== null && lag.sec > minSeconds ? `; ${lag.name} reads ${seconds(lag.sec)} behind` : ''}`,
          confidence: 1,
        },
      ];
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return conclude({
      findings,
      worse: 'lower',
      gap: firstGap(
        ...READ.map((definition, i) =>
          metricGap(metrics, definition, all[i]!, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
        ),
        fromDisk.length > 0 && lag.isUnknown ? 'how far behind the busy groups read is not known' : null,
      ),
      evidence: [
        brokerTable(
          'Page cache by broker',
          rows.map(({ id }) => id),
          [
            ['cached', 'Page cache', 'bytes', (id) => byId.get(id)!.memory],
            ['window', 'Holds', 'durationSec', (id) => byId.get(id)!.window],
            ['read', 'Read from the volume', 'bytesPerSec', (id) => byId.get(id)!.readPerSec],
            ['share', 'Of what is sent', 'percent', (id) => byId.get(id)!.share],
          ],
          {
            source: `CloudWatch MemoryCached, BytesInPerSec, ReplicationBytesInPerSec, VolumeReadBytes and BytesOutPerSec, means of the last ${windowHours(run)} h`,
          },
        ),
      ],
      pass: 'What consumers read comes from memory, or the page cache holds longer than they are behind.',
      fail: ({ resource, measured, limit, note }) =>
        `The page cache of broker ${resource} holds ${seconds(measured)}, where ${seconds(limit)} are needed: ${note}.`,
      recommend: () => {
        const step = sizeUp(cluster);
        return {
          action: `First let late groups catch up, off peak or from the tier; only then take more memory${step === null ? '' : ` with ${step.to}`}`,
          confirmFirst: PASSING_LOAD,
          commands: [showReaders(), ...sizeUpCommands(step, run)],
          risk: SIZE_CHANGE_RISK,
          expectedEffect: 'Fetches are served from memory, and producers no longer wait behind reads.',
          verifyAfter: 'VolumeReadBytes falls below a twentieth of BytesOutPerSec over a full day.',
          effort: 'rollingRestart',
          impact: sizeUpImpact(step, prices),
        };
      },
    });
  },
});

/** The largest p95 time lag of a group on a topic with enough traffic; unknown where traffic by topic, or time lag, is not published. */
function latestReader(metrics: SectionValue<'metrics'>, minMiBPerSec: number, run: RunContext) {
  const rates = new Map<string, number>();
  for (const series of findSeries(metrics, METRICS.topicBytesIn)) {
    const topic = series.dimensions.Topic ?? '';
    const own = mean(trustedPoints(series, { masked: run.maintenance }).measured) ?? 0;
    rates.set(topic, sum([rates.get(topic) ?? 0, own]));
  }
  const lags = findSeries(metrics, METRICS.rollingTimeLag);
  let latest: { sec: number; name: string } | null = null;
  for (const series of lags) {
    const { 'Consumer Group': group = '', Topic: topic = '' } = series.dimensions;
    const sec = seriesQuantile(trustedPoints(series, { masked: run.maintenance }), 0.95);
    if (sec === null || (rates.get(topic) ?? 0) < minMiBPerSec * MIB) continue;
    if (latest === null || sec > latest.sec) latest = { sec, name: listed([group]) };
  }
  return { sec: null, name: '', ...latest, isUnknown: rates.size === 0 || lags.length === 0 };
}
