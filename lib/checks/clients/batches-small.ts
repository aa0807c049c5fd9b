// How large the batches are that producers send (K13): each costs the broker about the same work, whatever it holds. Read off the headers
// of sampled batches; where those may not be read, what requests and records weigh stands in, and only while brokers work hard.
import { bytesPerProduceRequest } from '../../analysis/open-monitoring.ts';
import type { SampledTopic } from '../../analysis/producer-samples.ts';
import { findSeries, seriesQuantile, sumByTimestamp, trustedPoints } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { advisedLines } from '../shared/client-lines.ts';
import { conclude } from '../shared/conclude.ts';
import { EVERY_KIND } from '../shared/consumers.ts';
import { type Pressure, pressureOf } from '../shared/pressure.ts';
import {
  badPoint,
  readSamples,
  SAMPLE_CONFIDENCE,
  SAMPLE_SECTIONS,
  SAMPLES_TOLERATED,
  samplesSource,
} from '../shared/samples.ts';
import { milder, severityFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

/** Requests hold several batches; records do not tell batches at all. */
const BY_REQUEST = 0.6;
const BY_RECORD = 0.5;
const bytes = (value: number | null) => formatQuantity(value, 'bytes');
const perSec = (value: number | null) => formatQuantity(value, 'countPerSec');

export default defineCheck({
  id: 'batches-small',
  area: 'clients',
  title: { pass: 'Producers send full batches', fail: 'Producers send small batches' },
  why: 'A broker works as long on a small batch as on a large one: request handlers and CPU run out at a fraction of the bytes, and compression gains nothing.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html',
    'https://kafka.apache.org/documentation/#producerconfigs_batch.size',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-1030%3A+Change+constraints+and+default+values+for+various+configurations',
  ],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: [...SAMPLE_SECTIONS, 'metrics', 'openMonitoring'],
  toleratesPartial: [...SAMPLES_TOLERATED, 'metrics', 'openMonitoring'],
  evaluate({ metrics, openMonitoring, ...inputs }, thresholds, run) {
    const { minMessagesPerSec, minTrafficPercent } = thresholds;
    const limit = badPoint('K13', run);
    const pressure = pressureOf(metrics, run);
    const isBusy =
      (pressure.cpu[0]?.value ?? 0) > thresholds.busyCpuPercent ||
      (pressure.handlers[0]?.value ?? 0) > thresholds.busyHandlersPercent;
    const severity = milder(severityFor(run, ['high', 'medium', 'low']), isBusy ? 0 : 1);
    const rates = ratesOf(metrics, thresholds.minCoveragePercent);
    const { found, gap } = readSamples(inputs, run, ({ messagesPerSec }) => messagesPerSec, {
      atLeast: minMessagesPerSec,
      minTrafficPercent,
    });
    const small = (found?.topics ?? []).filter(
      ({ profile, messagesPerSec }) =>
        (messagesPerSec ?? 0) >= minMessagesPerSec && (profile.byteWeightedMedianBytes ?? limit) < limit,
    );
    const ofTopics = small.map(
      ({ topic, messagesPerSec, profile }): FindingDraft => ({
        scope: 'topic',
        resource: topic,
        severity,
        measured: profile.byteWeightedMedianBytes,
        limit,
        unit: 'bytes',
        note: `${perSec(messagesPerSec)} in batches of ${formatQuantity(profile.meanRecords, 'ratio')} records`,
        confidence: SAMPLE_CONFIDENCE,
      }),
    );
    const ofCluster =
      found === null ? proxies(rates, openMonitoring, { limit, isBusy, severity }, thresholds, run) : [];
    const isQuiet = rates !== null && rates.messagesPerSec < minMessagesPerSec;
    return conclude({
      findings: [...ofTopics, ...ofCluster],
      worse: 'lower',
      gap: isQuiet && found === null ? null : gap,
      evidence: [
        ...(found === null ? [] : [batchTable(found.topics, samplesSource(found))]),
        loadTable(pressure, rates),
      ],
      pass:
        found === null
          ? `All producers together send ${perSec(rates?.messagesPerSec ?? 0)}: below ${perSec(minMessagesPerSec)} a topic batches do not matter.`
          : `Half of all bytes travel in batches of ${bytes(found.batchBytes)} or more (limit ${bytes(limit)} for topics from ${perSec(minMessagesPerSec)} on).`,
      fail: ({ scope, resource, measured, note }) =>
        scope === 'topic'
          ? `Batches of ${listed([resource])} hold ${bytes(measured)} (limit ${bytes(limit)}), ${note}.`
          : `Producers send ${bytes(measured)} at a time, ${note}.`,
      recommend: (worst) => recommend(worst, isBusy, run),
    });
  },
});

interface Rates {
  /** p95 of the window, all brokers. */
  messagesPerSec: number;
  /** The busiest broker's. */
  perBroker: number;
  recordBytes: number | null;
}

/** Null where not all of the rates are there, or too few of their points. */
function ratesOf(metrics: Collected<SectionValue<'metrics'>>, minCoveragePercent: number): Rates | null {
  if (!metrics.ok) return null;
  const of = (definition: typeof METRICS.bytesIn) =>
    findSeries(metrics.value, definition).map((series) => trustedPoints(series));
  const [messages, taken] = [of(METRICS.messagesIn), of(METRICS.bytesIn)];
  const sums = [messages, taken].map((list) => sumByTimestamp(list));
  const [messagesPerSec, bytesPerSec] = sums.map((series) => seriesQuantile(series, 0.95)) as [
    number | null,
    number | null,
  ];
  const isThin = sums.some(({ coverage }) => 100 * coverage < minCoveragePercent) || messages.length !== taken.length;
  if (messagesPerSec === null || bytesPerSec === null || isThin) return null;
  return {
    messagesPerSec,
    perBroker: Math.max(...messages.map((series) => seriesQuantile(series, 0.95) ?? 0)),
    recordBytes: messagesPerSec > 0 ? bytesPerSec / messagesPerSec : null,
  };
}

/** One finding of the whole cluster where nobody may look into a batch; small records alone are no fault, hence only under load. */
function proxies(
  rates: Rates | null,
  openMonitoring: Collected<SectionValue<'openMonitoring'>>,
  { limit, isBusy, severity }: { limit: number; isBusy: boolean; severity: FindingDraft['severity'] },
  thresholds: { minMessagesPerSec: number; proxyRecordBytes: number; proxyMessagesPerSecPerBroker: number },
  run: RunContext,
): FindingDraft[] {
  const draft = (measured: number, limitBytes: number, note: string, confidence: number): FindingDraft[] => [
    {
      scope: 'cluster',
      resource: run.clusterName,
      severity,
      measured,
      limit: limitBytes,
      unit: 'bytes',
      note,
      confidence,
    },
  ];
  const request = openMonitoring.ok ? bytesPerProduceRequest(openMonitoring.value) : null;
  if (request !== null && request.value < limit && (rates?.messagesPerSec ?? 0) >= thresholds.minMessagesPerSec)
    return draft(request.value, limit, 'by produce request and partition', BY_REQUEST);
  if (rates === null || rates.recordBytes === null || !isBusy) return [];
  const { proxyRecordBytes, proxyMessagesPerSecPerBroker } = thresholds;
  if (rates.recordBytes >= proxyRecordBytes || rates.perBroker <= proxyMessagesPerSecPerBroker) return [];
  const note = `by record, ${perSec(rates.perBroker)} into one broker: batches are likely small`;
  return draft(rates.recordBytes, proxyRecordBytes, note, BY_RECORD);
}

function batchTable(topics: readonly SampledTopic[], source: string): Evidence {
  return {
    title: 'Batches by topic',
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'messages', label: 'Messages', as: 'countPerSec' },
      { key: 'batches', label: 'Batches', as: 'countPerSec' },
      { key: 'weighted', label: 'Batch, half of the bytes', as: 'bytes' },
      { key: 'median', label: 'Batch, median', as: 'bytes' },
      { key: 'records', label: 'Records in a batch', as: 'ratio' },
      { key: 'gathered', label: 'Gathered over', as: 'durationMs' },
    ],
    rows: topics.map(({ topic, messagesPerSec, profile }) => ({
      topic,
      messages: messagesPerSec,
      batches: messagesPerSec === null || !profile.meanRecords ? null : messagesPerSec / profile.meanRecords,
      weighted: profile.byteWeightedMedianBytes,
      median: profile.medianBytes,
      records: profile.meanRecords,
      gathered: profile.medianAccumulatedMs,
    })),
    source,
  };
}

function loadTable({ cpu, handlers }: Pressure, rates: Rates | null): Evidence {
  return {
    title: 'What it costs the brokers',
    columns: [
      { key: 'messages', label: 'Messages, p95', as: 'countPerSec' },
      { key: 'record', label: 'Mean record', as: 'bytes' },
      { key: 'cpu', label: 'CPU of the busiest, p95', as: 'percent' },
      { key: 'handlers', label: 'Handlers of the busiest, p95', as: 'percent' },
    ],
    rows: [
      {
        messages: rates?.messagesPerSec ?? null,
        record: rates?.recordBytes ?? null,
        cpu: cpu[0]?.value ?? null,
        handlers: handlers[0]?.value ?? null,
      },
    ],
    source:
      'CloudWatch MessagesInPerSec, BytesInPerSec, CpuUser + CpuSystem, RequestHandlerAvgIdlePercent, the window of the report',
  };
}

function recommend({ measured, scope }: FindingDraft, isBusy: boolean, run: RunContext): Recommendation {
  const fall = scope === 'topic' && measured !== null && measured > 0 ? badPoint('K13', run) / measured : null;
  return {
    action: `Let the producers gather larger batches: ${advisedLines('batches-small', run)}`,
    confirmFirst:
      'Rule out records that are few to each partition: keys over many partitions leave nothing to gather within the linger, and then fewer partitions or a partitioner that sticks help more. A client that waits for each send batches nothing, whatever it sets.',
    commands: [],
    risk: 'A record waits up to the linger longer, and each producer holds its buffer in memory.',
    expectedEffect:
      fall === null
        ? 'Produce requests fall as batches grow; CPU and the request queue follow.'
        : `At the limit already, the topic's batches would be ${formatQuantity(fall, 'ratio')} times fewer; CPU and the request queue follow.`,
    verifyAfter: 'The batches of the topic in the next sample, RequestHandlerAvgIdlePercent, and CPU of the brokers.',
    effort: 'clientChange',
    impact: isBusy ? { kind: 'unknown', because: 'it may spare the next larger broker size' } : { kind: 'none' },
  };
}
