// The brokers' Prometheus endpoints, read twice: what the product knows of percentiles, errors and machines beyond CloudWatch. Opt-in.
// Runs where the brokers can be reached, beside the Kafka samples, whose span it shares.
import pMap from 'p-map';
import { type Collected, type Missing, type MissingReason, missing, present } from '../../snapshot/collected.ts';
import { JMX_FIGURES, type ScrapeProblem } from '../../snapshot/open-monitoring-figures.ts';
import type { MonitoredBroker, OpenMonitoring } from '../../snapshot/open-monitoring-section.ts';
import { RunClock } from '../kafka/run-clock.ts';
import { EXPORTER_PORTS, EXPORTERS, type Exporter } from './exporters.ts';
import { type ExporterFigures, figuresOf, type Scrape } from './figures.ts';
import { scrapeExporter } from './scrape.ts';

export interface MonitoredEndpoint {
  id: number;
  /** As the cluster names its own broker, in Metadata or ListNodes; never from anywhere else. */
  host: string;
  /** Where the exporters listen when that is not MSK's 11001 and 11002. */
  ports?: Readonly<Record<Exporter, number>>;
}

export interface OpenMonitoringRequest {
  brokers: readonly MonitoredEndpoint[];
  /** Exporters that MSK says are on; both when nobody knows. */
  exporters?: readonly Exporter[];
  /** Milliseconds from the first scrape to the second; AWS asks for 60 s or more between the scrapes of a server that polls for ever. */
  spanMs: number;
  /** Epoch milliseconds by which the section is needed. */
  deadlineMs: number;
}

export interface OpenMonitoringDeps {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  signal?: AbortSignal | undefined;
}

/** Each body may be megabytes, and reading one costs the broker CPU time. */
const AT_ONCE = 6;
/** The exporter of a broker with thousands of partitions needs seconds; Prometheus itself gives up after ten. */
const SCRAPE_TIMEOUT_MS = 10_000;
/** Over less, the counts of a quiet broker are chance. */
const SHORTEST_SPAN_MS = 5_000;
/** The second scrape has this much time at least, however quick the first one was: brokers may be busier then. */
const SECOND_AT_LEAST_MS = 1_000;
/** Nobody is there: no reason to ask a second time. */
const HOPELESS: readonly ScrapeProblem[] = ['not-enabled', 'refused', 'unknown-host', 'unreachable', 'redirected'];

/**
 * What the exporters of all brokers say. Never rejects; without an answer of any of them the section is missing. `partial` speaks of the JMX exporters alone: the node exporter is an extra that MSK can leave out.
 */
export async function collectOpenMonitoring(
  request: OpenMonitoringRequest,
  deps: OpenMonitoringDeps,
): Promise<Collected<OpenMonitoring>> {
  const clock = new RunClock(request.deadlineMs, deps);
  const stop = new AbortController();
  clock.onStop(() => stop.abort());
  try {
    const endpoints = endpointsOf(request);
    const startedMs = clock.now();
    await scrapeAll(endpoints, clock, stop.signal);
    const waitMs = waitBeforeSecond(request.spanMs, clock.now() - startedMs, clock.remainingMs());
    if (waitMs !== null && endpoints.some(({ scrapes }) => scrapes.length > 0)) {
      await clock.sleep(waitMs);
      await scrapeAll(endpoints, clock, stop.signal);
    }
    return sectionOf(request, endpoints);
  } finally {
    clock.release();
  }
}

/** A rate over a shorter span than planned is still a rate; null when even that has no room before the deadline. */
function waitBeforeSecond(spanMs: number, tookMs: number, remainingMs: number): number | null {
  const roomMs = remainingMs - Math.max(2 * tookMs, SECOND_AT_LEAST_MS);
  const waitMs = Math.min(spanMs - tookMs, roomMs);
  if (waitMs === roomMs && tookMs + waitMs < Math.min(spanMs, SHORTEST_SPAN_MS)) return null;
  return Math.max(0, waitMs);
}

/** One exporter of one broker, and what became of it. */
interface Endpoint {
  brokerId: number;
  exporter: Exporter;
  host: string;
  port: number;
  scrapes: Scrape[];
  problem: ScrapeProblem | null;
}

function endpointsOf({ brokers, exporters = EXPORTERS }: OpenMonitoringRequest): Endpoint[] {
  return brokers.flatMap(({ id, host, ports = EXPORTER_PORTS }) =>
    EXPORTERS.map((exporter) => ({
      brokerId: id,
      exporter,
      host,
      port: ports[exporter],
      scrapes: [],
      problem: exporters.includes(exporter) ? null : ('not-enabled' as const),
    })),
  );
}

async function scrapeAll(endpoints: readonly Endpoint[], clock: RunClock, signal: AbortSignal): Promise<void> {
  const alive = endpoints.filter(({ problem }) => problem === null || !HOPELESS.includes(problem));
  const scrapeOne = async (endpoint: Endpoint): Promise<void> => {
    const timeoutMs = Math.min(SCRAPE_TIMEOUT_MS, clock.remainingMs());
    const limits = { timeoutMs, signal, now: () => clock.now() };
    const outcome = await scrapeExporter(endpoint.host, endpoint.port, limits);
    if (typeof outcome === 'object') endpoint.scrapes.push(outcome);
    else endpoint.problem = outcome === 'no-time' && clock.stopped === 'interrupted' ? 'interrupted' : outcome;
  };
  await pMap(alive, scrapeOne, { concurrency: AT_ONCE });
}

function sectionOf({ spanMs }: OpenMonitoringRequest, endpoints: readonly Endpoint[]): Collected<OpenMonitoring> {
  const times = endpoints.flatMap(({ scrapes }) => scrapes.map(({ atMs }) => atMs));
  if (times.length === 0) return nothingRead(endpoints);
  const ids = [...new Set(endpoints.map(({ brokerId }) => brokerId))];
  const brokers = ids.map((id) => brokerOf(id, endpoints));
  return present({ spanSec: spanMs / 1000, brokers }, Math.max(...times), gapLine(brokers));
}

function brokerOf(brokerId: number, endpoints: readonly Endpoint[]): MonitoredBroker {
  const [jmx, node] = EXPORTERS.map((exporter) => readOf(brokerId, exporter, endpoints)) as [
    ExporterRead,
    ExporterRead,
  ];
  return {
    brokerId,
    jmx: { spanSec: jmx.spanSec, problem: jmx.problem },
    node: { spanSec: node.spanSec, problem: node.problem },
    figures: { ...jmx.figures, ...node.figures },
    errors: jmx.errors,
    gaps: [...jmx.gaps, ...node.gaps],
  };
}

interface ExporterRead extends ExporterFigures {
  problem: ScrapeProblem | null;
}

function readOf(brokerId: number, exporter: Exporter, endpoints: readonly Endpoint[]): ExporterRead {
  const { scrapes, problem } = endpoints.find((each) => each.brokerId === brokerId && each.exporter === exporter)!;
  const later = scrapes.at(-1);
  if (later === undefined) return { problem, spanSec: null, figures: {}, errors: null, gaps: [] };
  return { problem, ...figuresOf(exporter, scrapes.length === 2 ? scrapes[0]! : null, later) };
}

/** What a pass may not rest on: brokers whose JMX exporter was not read, or not read twice in one life. */
function gapLine(brokers: readonly MonitoredBroker[]): string | undefined {
  const lines: string[] = [];
  for (const { brokerId, jmx, figures } of brokers) {
    if (jmx.spanSec !== null) continue;
    const what = JMX_FIGURES.some((name) => figures[name] !== undefined) ? 'no rates' : 'no JMX figures';
    lines.push(`${what} of broker ${brokerId}${jmx.problem === null ? '' : ` (${jmx.problem})`}`);
  }
  return lines.length === 0 ? undefined : lines.join(', ');
}

/** Every other problem is `failed`. */
const REASONS: Partial<Record<ScrapeProblem, MissingReason>> = {
  'not-enabled': 'not-enabled',
  refused: 'not-enabled',
  'unknown-host': 'unreachable',
  unreachable: 'unreachable',
  'timed-out': 'timed-out',
  'no-time': 'timed-out',
};

/** By what was met most often; the first of equals, which is the JMX exporter's. */
function nothingRead(endpoints: readonly Endpoint[]): Missing {
  const problems = endpoints.flatMap(({ problem }) => problem ?? []);
  const count = (problem: ScrapeProblem): number => problems.filter((each) => each === problem).length;
  const worst = problems.toSorted((a, b) => count(b) - count(a))[0];
  if (worst === undefined) return missing('failed', 'no broker is known whose exporters could be asked');
  const ports = [...new Set(endpoints.map(({ port }) => port))].slice(0, 2).join(' and ');
  return missing(REASONS[worst] ?? 'failed', `no exporter of any broker could be read on ports ${ports}: ${worst}`);
}
