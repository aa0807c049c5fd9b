import { describe, expect, test } from 'vitest';
import { figuresOf, problemIn } from '../../../lib/collect/open-monitoring/figures.ts';
import { JMX_FIGURES, OPEN_MONITORING_FIGURES } from '../../../lib/snapshot/open-monitoring-figures.ts';
import { lineValue, RECORDED_VERSIONS, readWanted, recordedText } from './recorded.ts';

const SPAN_SEC = 20;

function between(first: string, second: string, exporter: 'jmx' | 'node' = 'jmx', spanSec = SPAN_SEC) {
  const scrape = (text: string, atMs: number) => ({ samples: readWanted(text).samples, atMs });
  return figuresOf(exporter, scrape(first, 1_000), scrape(second, 1_000 + spanSec * 1000));
}

function gapsOf({ gaps }: ReturnType<typeof figuresOf>): Record<string, string[]> {
  return Object.fromEntries(gaps.map(({ reason, figures }) => [reason, figures]));
}

describe.each(RECORDED_VERSIONS)('recorded brokers of Kafka %s', (version) => {
  const [first, second] = [recordedText(version, 'first'), recordedText(version, 'second')];
  const read = between(first, second);

  test('every figure that the JMX exporter can give is there', () => {
    expect(read.gaps).toEqual([]);
    expect(Object.keys(read.figures).sort()).toEqual([...JMX_FIGURES].sort());
  });

  test('every figure that the node exporter can give is there', () => {
    const node = between(recordedText(version, 'node-first'), recordedText(version, 'node-second'), 'node');
    expect(node.gaps).toEqual([]);
    const others = OPEN_MONITORING_FIGURES.filter((name) => !(JMX_FIGURES as readonly string[]).includes(name));
    expect(Object.keys(node.figures).sort()).toEqual(others.sort());
    expect(node.figures.cpuIdlePercent).toBeLessThanOrEqual(100);
    expect(node.errors).toBeNull();
  });

  test('a rate is the difference of the lines by the seconds between them', () => {
    const series = 'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec"}';
    const grown = lineValue(second, series) - lineValue(first, series);
    expect(grown).toBeGreaterThan(0);
    expect(read.figures.bytesInPerSec).toBeCloseTo(grown / SPAN_SEC, 0);
    expect(read.spanSec).toBe(SPAN_SEC);
  });

  test('a percentile is the last scrape’s, a fraction becomes percent', () => {
    const p99 = 'kafka_network_RequestMetrics_99thPercentile{name="TotalTimeMs",request="Produce"}';
    expect(read.figures.produceTotalP99Ms).toBeCloseTo(lineValue(second, p99), 2);
    const idle = 'kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent"}';
    expect(read.figures.requestHandlerIdlePercent).toBeCloseTo(lineValue(second, idle) * 100, 2);
  });

  test('a mean is that of the requests in between, not of the broker’s life', () => {
    const series = (attribute: string): string =>
      `kafka_network_RequestMetrics_${attribute}{name="TotalTimeMs",request="Produce"}`;
    const sum = (text: string): number => lineValue(text, series('Mean')) * lineValue(text, series('Count'));
    const count = lineValue(second, series('Count')) - lineValue(first, series('Count'));
    expect(read.figures.produceTotalMeanMs).toBeCloseTo((sum(second) - sum(first)) / count, 2);
    expect(read.figures.produceTotalMeanMs).toBeLessThan(lineValue(second, series('Mean')) / 2);
  });

  test('requests are added up over the versions that clients speak', () => {
    const series = 'kafka_network_RequestMetrics_Count{name="RequestsPerSec",request="FetchFollower"';
    const total = (text: string): number =>
      text
        .split('\n')
        .filter((line) => line.startsWith(series))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(read.figures.fetchFollowerRequestsPerSec).toBeCloseTo((total(second) - total(first)) / SPAN_SEC, 3);
  });

  test('an error that happened in between is told by its name', () => {
    expect(read.errors).toContainEqual({
      request: 'Fetch',
      error: 'OFFSET_OUT_OF_RANGE',
      perSec: expect.closeTo(1 / SPAN_SEC, 5),
    });
    expect(read.errors!.every(({ perSec }) => perSec > 0)).toBe(true);
    // Success is told where errors are held against it, and only there.
    const successes = read.errors!.filter(({ error }) => error === 'NONE').map(({ request }) => request);
    expect(successes.sort()).toEqual(['Fetch', 'Produce']);
  });
});

const REQUEST = 'request="Produce"';
const BYTES = 'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec"}';

describe('what cannot be believed is not given', () => {
  test('one scrape gives gauges and says that rates are missing', () => {
    const later = { samples: readWanted(recordedText('4.3.1', 'second')).samples, atMs: 5 };
    const read = figuresOf('jmx', null, later);
    expect([read.spanSec, read.errors]).toEqual([null, null]);
    expect(read.figures.produceTotalP99Ms).toBeGreaterThan(0);
    expect(read.figures.bytesInPerSec).toBeUndefined();
    expect(gapsOf(read)['no-second-scrape']).toContain('bytesInPerSec');
    expect(gapsOf(read)['no-second-scrape']).not.toContain('produceTotalP99Ms');
  });

  test('a broker that restarted gives no rate at all, even of a counter that has overtaken itself', () => {
    const messages = 'kafka_server_BrokerTopicMetrics_Count{name="MessagesInPerSec"}';
    const read = between(`${BYTES} 1000\n${messages} 5\n`, `${BYTES} 10\n${messages} 900\n`);
    expect([read.spanSec, read.errors]).toEqual([null, null]);
    expect(read.figures).toEqual({});
    expect(gapsOf(read)['counter-reset']).toEqual(['bytesInPerSec', 'messagesInPerSec']);
  });

  test('the two scrapes in the wrong order are a restart as well, not negative rates', () => {
    const read = between(recordedText('4.3.1', 'second'), recordedText('4.3.1', 'first'));
    expect(Object.keys(read.figures).some((name) => name.endsWith('PerSec'))).toBe(false);
    expect(Object.values(read.figures).every((value) => value >= 0)).toBe(true);
  });

  test('a clock that stands still or runs backwards gives no rate', () => {
    for (const spanSec of [0, -5]) {
      const read = between(`${BYTES} 1\n`, `${BYTES} 2\n`, 'jmx', spanSec);
      expect(read.spanSec).toBeNull();
      expect(gapsOf(read)['no-second-scrape']).toEqual(['bytesInPerSec']);
    }
  });

  test('a counter that only the second scrape has is no rate: it may have counted for years', () => {
    expect(gapsOf(between('up 1\n', `${BYTES} 1e12\n`))['no-second-scrape']).toEqual(['bytesInPerSec']);
  });

  test('one more version of a request began at 0', () => {
    const series = (version: number): string =>
      `kafka_network_RequestMetrics_Count{name="RequestsPerSec",${REQUEST},version="${version}"}`;
    const read = between(`${series(11)} 100\n`, `${series(11)} 120\n${series(12)} 40\n`);
    expect(read.figures.produceRequestsPerSec).toBe(3);
  });

  test('one that went away leaves its own figure out', () => {
    const series = (processor: number): string =>
      `kafka_server_socket_server_metrics_failed_authentication_total{listener="C",networkProcessor="${processor}"}`;
    const read = between(`${series(0)} 1\n${series(1)} 5\n${BYTES} 0\n`, `${series(0)} 2\n${BYTES} 20\n`);
    expect(read.figures).toEqual({ bytesInPerSec: 1 });
    expect(gapsOf(read)['counter-reset']).toEqual(['failedAuthenticationsPerSec']);
  });

  test('series of one topic, or with any label that is not known, are not taken for the broker’s', () => {
    const topic = 'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec",topic="orders"}';
    const other = 'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec",tenant="x"}';
    const read = between(`${BYTES} 0\n${topic} 0\n${other} 0\n`, `${BYTES} 20\n${topic} 9e9\n${other} 9e9\n`);
    expect(read.figures).toEqual({ bytesInPerSec: 1 });
  });

  test('NaN and infinity are no figures', () => {
    const heap = 'java_lang_Memory_HeapMemoryUsage';
    const read = between(`${BYTES} NaN\n`, `${BYTES} 5\n${heap}_used NaN\n${heap}_max +Inf\n`);
    expect(read.figures).toEqual({});
    expect(gapsOf(read)['not-a-number']).toEqual(['bytesInPerSec', 'heapUsedBytes', 'heapMaxBytes']);
  });

  test('a percentile of no request, and a mean of none in between, are not 0 milliseconds', () => {
    const series = (attribute: string, value: number): string =>
      `kafka_network_RequestMetrics_${attribute}{name="TotalTimeMs",${REQUEST}} ${value}\n`;
    const never = series('Count', 0) + series('Mean', 0) + series('99thPercentile', 0);
    expect(between(never, never).figures).toEqual({});
    expect(gapsOf(between(never, never))['no-requests']).toEqual(['produceTotalMeanMs', 'produceTotalP99Ms']);
    const quiet = series('Count', 7) + series('Mean', 3) + series('99thPercentile', 9);
    expect(between(quiet, quiet).figures).toEqual({ produceTotalP99Ms: 9 });
    expect(gapsOf(between(quiet, quiet))['no-requests']).toEqual(['produceTotalMeanMs']);
  });

  test('names that no Kafka has are not repeated, whatever they hold', () => {
    const error = (request: string, name: string): string =>
      `kafka_network_RequestMetrics_Count{name="ErrorsPerSec",request="${request}",error="${name}"}`;
    const hostile = [error('Produce', '<script>'), error('=cmd|', 'NONE'), error('Produce', 'A'.repeat(65))];
    const known = error('Produce', 'NOT_ENOUGH_REPLICAS');
    const scrape = (value: number): string => [...hostile, known].map((line) => `${line} ${value}\n`).join('');
    expect(between(scrape(0), scrape(20)).errors).toEqual([
      { request: 'Produce', error: 'NOT_ENOUGH_REPLICAS', perSec: 1 },
    ]);
  });

  test('errors are bounded, the most frequent stay', () => {
    const series = (index: number): string =>
      `kafka_network_RequestMetrics_Count{name="ErrorsPerSec",request="Produce",error="E${index}"}`;
    const scrape = (value: (index: number) => number): string =>
      Array.from({ length: 300 }, (_, index) => `${series(index)} ${value(index)}\n`).join('');
    const { errors } = between(
      scrape(() => 0),
      scrape((index) => (index + 1) * 20),
    );
    expect(errors).toHaveLength(200);
    expect(errors![0]).toEqual({ request: 'Produce', error: 'E299', perSec: 300 });
  });
});

describe('what Java and the exporter call things', () => {
  const growth = (first: string[], second: string[]) =>
    between(first.map((line) => `${line}\n`).join(''), second.map((line) => `${line}\n`).join('')).figures;

  test('collections of every generation are added up, under both spellings', () => {
    const [young, old] = ['Young', 'Old'].map(
      (generation) => `java_lang_G1_${generation}_Generation_CollectionTime{type="GarbageCollector"}`,
    );
    expect(growth([`${young} 100`, `${old} 0`], [`${young} 140`, `${old} 20`])).toEqual({ gcTimeMsPerSec: 3 });
    const byType = (name: string): string => `java_lang_GarbageCollector_CollectionTime{name="${name}",}`;
    expect(
      growth(
        [`${byType('G1 Young Generation')} 100`, `${byType('G1 Old Generation')} 0`],
        [`${byType('G1 Young Generation')} 140`, `${byType('G1 Old Generation')} 20`],
      ),
    ).toEqual({ gcTimeMsPerSec: 3 });
  });

  test('devices that only count others, and loops within the machine, are left out', () => {
    const disk = (device: string): string => `node_disk_written_bytes_total{device="${device}"}`;
    const net = (device: string): string => `node_network_receive_bytes_total{device="${device}"}`;
    const lines = (value: number): string =>
      [disk('nvme1n1'), disk('dm-0'), disk('loop3'), net('eth0'), net('lo')]
        .map((line) => `${line} ${value}\n`)
        .join('');
    expect(between(lines(0), lines(40), 'node').figures).toEqual({
      diskWrittenBytesPerSec: 2,
      networkReceivedBytesPerSec: 2,
    });
  });

  test('CPU is shared out over all modes of all cores', () => {
    const cpu = (core: number, mode: string, value: number): string =>
      `node_cpu_seconds_total{cpu="${core}",mode="${mode}"} ${value}\n`;
    const first = [0, 1].map((core) => cpu(core, 'idle', 100) + cpu(core, 'iowait', 5) + cpu(core, 'user', 7)).join('');
    const second = cpu(0, 'idle', 115) + cpu(0, 'iowait', 9) + cpu(0, 'user', 8) + cpu(1, 'idle', 110);
    const { figures } = between(first, `${second}${cpu(1, 'iowait', 5)}${cpu(1, 'user', 17)}`, 'node');
    expect([figures.cpuIdlePercent, figures.cpuIoWaitPercent]).toEqual([62.5, 10]);
  });
});

describe('a scrape as a whole', () => {
  test('an exporter that failed to read its broker is not believed', () => {
    expect(problemIn(readWanted(`jmx_scrape_error 1.0\n${BYTES} 5\n`).samples)).toBe('exporter-failed');
    expect(problemIn(readWanted(`jmx_scrape_error 0.0\n${BYTES} 5\n`).samples)).toBeNull();
  });

  test('nothing that we know is no answer', () => {
    expect(problemIn(readWanted('jmx_scrape_error 0.0\nup 1\n').samples)).toBe('no-figures');
    expect(problemIn(readWanted('').samples)).toBe('no-figures');
  });
});

test('a recorded scrape cut at any kilobyte gives the whole one’s figures, or none: never another number', () => {
  for (const version of RECORDED_VERSIONS) {
    const text = recordedText(version, 'second');
    const whole = new Map(readWanted(text).samples.map((sample) => [seriesOf(sample), sample.value]));
    for (let end = 1_024; end < text.length; end += 1_024) {
      for (const sample of readWanted(text.slice(0, end), false).samples) {
        expect(sample.value, seriesOf(sample)).toBe(whole.get(seriesOf(sample)));
      }
    }
  }
});

function seriesOf({ family, labels }: { family: string; labels: ReadonlyMap<string, string> }): string {
  return JSON.stringify([family, Array.from(labels, (pair) => pair.join('=')).sort()]);
}
