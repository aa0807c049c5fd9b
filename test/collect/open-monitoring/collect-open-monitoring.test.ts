import type { RequestListener } from 'node:http';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import {
  collectOpenMonitoring,
  type MonitoredEndpoint,
  type OpenMonitoringRequest,
} from '../../../lib/collect/open-monitoring/collect-open-monitoring.ts';
import type { Collected } from '../../../lib/snapshot/collected.ts';
import { type OpenMonitoring, openMonitoringSchema } from '../../../lib/snapshot/open-monitoring-section.ts';
import { httpServer, type TestServer } from './exporter-server.ts';
import { recordedText } from './recorded.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function portOf(answer: RequestListener): Promise<number> {
  const server = await httpServer(answer);
  open.push(server);
  return server.port;
}

/** Answers the texts one after the other, and the last one again. */
function saying(...texts: string[]): RequestListener {
  let turn = 0;
  return (_request, response) => {
    response.end(texts[Math.min(turn, texts.length - 1)]);
    turn += 1;
  };
}

async function refusing(): Promise<number> {
  const server = await httpServer(() => {});
  await server.close();
  return server.port;
}

async function broker(id: number, jmx: RequestListener | null, node: RequestListener | null = null) {
  const ports = {
    jmx: jmx === null ? await refusing() : await portOf(jmx),
    node: node === null ? await refusing() : await portOf(node),
  };
  return { id, host: '127.0.0.1', ports } satisfies MonitoredEndpoint;
}

/** Sleeping takes no time and moves the clock; what is real is only the network. */
class FakeTime {
  private nowMs = Date.now();
  slept: number[] = [];
  now = (): number => this.nowMs;
  pass(ms: number): void {
    this.nowMs += ms;
  }
  sleep = async (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.pass(ms);
  };
}

async function collect(
  brokers: MonitoredEndpoint[],
  more: Partial<OpenMonitoringRequest> = {},
  time = new FakeTime(),
  signal?: AbortSignal,
): Promise<Collected<OpenMonitoring>> {
  const section = await collectOpenMonitoring(
    { brokers, spanMs: 20_000, deadlineMs: time.now() + 120_000, ...more },
    { now: time.now, sleep: time.sleep, signal },
  );
  if (section.ok) v.parse(openMonitoringSchema, section.value);
  return section;
}

function readOf(section: Collected<OpenMonitoring>): OpenMonitoring {
  if (!section.ok) throw new Error(section.detail);
  return section.value;
}

const BYTES = 'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec"}';
const jmx = () => saying(recordedText('4.3.1', 'first'), recordedText('4.3.1', 'second'));
const node = () => saying(recordedText('4.3.1', 'node-first'), recordedText('4.3.1', 'node-second'));

describe('two scrapes', () => {
  test('of both exporters of every broker, the planned span apart', async () => {
    const time = new FakeTime();
    const section = await collect([await broker(1, jmx(), node()), await broker(2, jmx(), node())], {}, time);
    const { spanSec, brokers } = readOf(section);
    expect(section).not.toHaveProperty('partial');
    expect([spanSec, brokers.map(({ brokerId }) => brokerId)]).toEqual([20, [1, 2]]);
    for (const { jmx: read, node: alsoRead, figures, errors, gaps } of brokers) {
      expect(read.spanSec).toBeCloseTo(20, 0);
      expect([read.problem, alsoRead.problem, gaps]).toEqual([null, null, []]);
      expect(figures.produceTotalP99Ms).toBe(1833);
      expect(figures.cpuIdlePercent).toBeGreaterThanOrEqual(0);
      expect(errors!.map(({ error }) => error)).toContain('OFFSET_OUT_OF_RANGE');
    }
    expect(time.slept).toHaveLength(1);
    expect(open.map((server) => server.connections())).toEqual([2, 2, 2, 2]);
  });

  test('the figures are as old as the last answer', async () => {
    const time = new FakeTime();
    const section = await collect([await broker(1, jmx())], {}, time);
    expect(section.ok && Math.abs(section.asOfMs - time.now())).toBeLessThan(5_000);
  });

  test('at most six exporters are read at a time', async () => {
    let [now, most] = [0, 0];
    const slow: RequestListener = (_request, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end(`${BYTES} 5\n`);
      }, 10);
    };
    const brokers = await Promise.all(Array.from({ length: 10 }, (_, index) => broker(index + 1, slow, slow)));
    await collect(brokers);
    expect(most).toBe(6);
  });

  test('a span that the time does not allow is shortened, and says so', async () => {
    const time = new FakeTime();
    const answer = jmx();
    // What the second scrape may take is reckoned by the first.
    const slowly: RequestListener = (request, response) => {
      time.pass(500);
      answer(request, response);
    };
    const section = await collect([await broker(1, slowly)], { spanMs: 60_000, deadlineMs: time.now() + 12_000 }, time);
    const [read] = readOf(section).brokers;
    expect(read!.jmx.spanSec).toBeGreaterThan(8);
    expect(read!.jmx.spanSec).toBeLessThan(12);
  });

  test('however quick the first scrape was, a shortened span leaves the second one a second', async () => {
    const time = new FakeTime();
    await collect([await broker(1, jmx())], { spanMs: 60_000, deadlineMs: time.now() + 12_000 }, time);
    expect(time.slept).toHaveLength(1);
    expect(time.slept[0]).toBeLessThanOrEqual(11_000);
    expect(time.slept[0]).toBeGreaterThan(8_000);
  });

  test('without time for two there are gauges, and rates are missing knowledge', async () => {
    const time = new FakeTime();
    const section = await collect([await broker(1, jmx())], { deadlineMs: time.now() + 3_000 }, time);
    const [read] = readOf(section).brokers;
    expect(time.slept).toEqual([]);
    expect(read!.jmx).toEqual({ spanSec: null, problem: null });
    expect(read!.figures.produceTotalP99Ms).toBe(1833);
    expect(read!.gaps.map(({ reason }) => reason)).toEqual(['no-second-scrape']);
    expect(section).toMatchObject({ partial: 'no rates of broker 1' });
  });
});

describe('what is not there', () => {
  test('a node exporter that is off is no gap of the JMX figures', async () => {
    const section = await collect([await broker(1, jmx(), null)]);
    expect(section).not.toHaveProperty('partial');
    expect(readOf(section).brokers[0]!.node).toEqual({ spanSec: null, problem: 'refused' });
  });

  test('an exporter that MSK says is off is not asked', async () => {
    const section = await collect([await broker(1, jmx(), node())], { exporters: ['jmx'] });
    expect(readOf(section).brokers[0]!.node.problem).toBe('not-enabled');
    expect(open.map((server) => server.connections())).toEqual([2, 0]);
  });

  test('the brokers that are silent are named', async () => {
    const failing: RequestListener = (_request, response) => response.writeHead(503).end();
    const section = await collect([await broker(1, jmx()), await broker(2, null), await broker(3, failing)]);
    expect(section).toMatchObject({
      partial: 'no JMX figures of broker 2 (refused), no JMX figures of broker 3 (http-status)',
    });
    expect(readOf(section).brokers.map(({ figures }) => Object.keys(figures).length > 0)).toEqual([true, false, false]);
  });

  test('a broker that restarted in between gives gauges alone, the others all', async () => {
    const restarted = saying(recordedText('4.3.1', 'second'), recordedText('4.3.1', 'first'));
    const section = await collect([await broker(1, jmx()), await broker(2, restarted)]);
    const [whole, again] = readOf(section).brokers;
    expect(whole!.figures.bytesInPerSec).toBeGreaterThan(0);
    expect(again!.figures.bytesInPerSec).toBeUndefined();
    expect(again!.figures.produceTotalP99Ms).toBeGreaterThan(0);
    expect(section).toMatchObject({ partial: 'no rates of broker 2' });
  });

  test('one that fails the second time keeps what the first time said', async () => {
    let turn = 0;
    const once: RequestListener = (_request, response) => {
      turn += 1;
      if (turn === 1) response.end(recordedText('4.3.1', 'first'));
      else response.writeHead(500).end();
    };
    const [read] = readOf(await collect([await broker(1, once)])).brokers;
    expect(read!.jmx).toEqual({ spanSec: null, problem: 'http-status' });
    expect(read!.figures.produceTotalP99Ms).toBeGreaterThan(0);
  });

  test('nobody listens anywhere: open monitoring is off, and nothing is waited for', async () => {
    const time = new FakeTime();
    const section = await collect([await broker(1, null), await broker(2, null)], {}, time);
    expect(section).toMatchObject({ ok: false, reason: 'not-enabled' });
    expect(time.slept).toEqual([]);
  });

  test.each([
    [
      'a sign-in page',
      (_: unknown, response: { end(text: string): void }) => response.end('<html></html>'),
      'no-figures',
    ],
    [
      'an error',
      (_: unknown, response: { writeHead(s: number): { end(): void } }) => response.writeHead(502).end(),
      'http-status',
    ],
  ])('%s at every port is a failure that says which', async (_what, answer, problem) => {
    const both = answer as unknown as RequestListener;
    const section = await collect([await broker(1, both, both)]);
    expect(section).toMatchObject({ ok: false, reason: 'failed', detail: expect.stringContaining(problem) });
  });

  test('the usual ports are named where a broker has no others, and a host that is none is not asked', async () => {
    const section = await collect([{ id: 1, host: 'not/a/host' }]);
    expect(section).toEqual({
      ok: false,
      reason: 'unreachable',
      detail: 'no exporter of any broker could be read on ports 11001 and 11002: unknown-host',
    });
  });

  test('no broker at all', async () => {
    expect(await collect([])).toMatchObject({ ok: false, reason: 'failed' });
  });
});

describe('the end of time', () => {
  const hanging: RequestListener = () => {};

  test('a deadline ends a scrape that hangs', async () => {
    const section = await collect([await broker(1, hanging)], { deadlineMs: Date.now() + 330 });
    expect(section).toMatchObject({ ok: false, reason: 'timed-out' });
  });

  test('an interruption ends it at once, and no request is left open', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const section = await collect([await broker(1, hanging, hanging)], {}, new FakeTime(), stop.signal);
    expect(section).toMatchObject({ ok: false, detail: expect.stringContaining('interrupted') });
  });

  test('an interruption while it waits keeps what is there', async () => {
    const stop = new AbortController();
    const time = new FakeTime();
    time.sleep = () => {
      stop.abort();
      return new Promise(() => {});
    };
    const section = await collect([await broker(1, jmx())], {}, time, stop.signal);
    expect(readOf(section).brokers[0]!.jmx).toEqual({ spanSec: null, problem: 'interrupted' });
  });
});

test('nothing that names a host, a topic or a client comes into the section', async () => {
  const own = '{name="BytesInPerSec",topic="secret-topic",host="b-1.secret.example",client_id="secret-client"}';
  const text = `${recordedText('4.3.1', 'first')}kafka_server_BrokerTopicMetrics_Count${own} 1\n`;
  const section = JSON.stringify(await collect([await broker(1, saying(text))]));
  expect(section).not.toMatch(/secret|orders|127\.0\.0\.1/);
});
