import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { scrapeExporter } from '../../../lib/collect/open-monitoring/scrape.ts';
import { httpServer, scrapeOf, type TestServer, tcpServer } from './exporter-server.ts';
import { readWanted, recordedText } from './recorded.ts';

const open: TestServer[] = [];
async function serve(answer: RequestListener): Promise<TestServer> {
  const server = await httpServer(answer);
  open.push(server);
  return server;
}
async function serveTcp(text: string): Promise<TestServer> {
  const server = await tcpServer((socket) => socket.end(text));
  open.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const ONE = 'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec"} 5\n';

describe('what is read', () => {
  test('a recorded body, whichever way it is sent', async () => {
    const text = recordedText('4.3.1', 'second');
    const expected = readWanted(text).samples;
    const ways: RequestListener[] = [
      (_request, response) => response.end(text),
      (_request, response) => {
        response.writeHead(200, { 'content-length': Buffer.byteLength(text) });
        response.end(text);
      },
      (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/html' });
        response.end(gzipSync(text));
      },
    ];
    for (const way of ways) {
      const { port } = await serve(way);
      expect(await scrapeOf(port)).toMatchObject({ samples: expected });
    }
  });

  test('the request asks for metrics and for nothing else, and sends nothing of ours', async () => {
    let seen: unknown;
    const { port } = await serve((request, response) => {
      seen = { method: request.method, url: request.url, ...request.headers };
      response.end(ONE);
    });
    await scrapeOf(port);
    expect(seen).toEqual({
      method: 'GET',
      url: '/metrics',
      host: `127.0.0.1:${port}`,
      connection: 'close',
      accept: 'text/plain;version=0.0.4',
      'accept-encoding': 'gzip',
    });
  });

  test('a closed connection is a possible end, so that its last line is not believed', async () => {
    const { port } = await serveTcp(`HTTP/1.0 200 OK\r\n\r\n${ONE}java_lang_Memory_HeapMemoryUsage_used 12`);
    const scrape = await scrapeOf(port);
    expect(scrape).toMatchObject({ samples: [{ value: 5 }] });
  });
});

describe('what is not', () => {
  test.each([
    ['a page to sign in', '<html><body>Please sign in</body></html>', 'no-figures'],
    ['other metrics', 'up 1\ngo_goroutines 5\n', 'no-figures'],
    ['nothing', '', 'no-figures'],
    ['an exporter without its broker', `jmx_scrape_error 1.0\n${ONE}`, 'exporter-failed'],
  ])('%s', async (_what, body, problem) => {
    const { port } = await serve((_request, response) => response.end(body));
    expect(await scrapeOf(port)).toBe(problem);
  });

  test('bytes that are no text', async () => {
    const { port } = await serve((_request, response) => response.end(Buffer.alloc(100_000, 0xff)));
    expect(await scrapeOf(port)).toBe('no-figures');
  });

  test.each([
    [500, 'http-status'],
    [404, 'http-status'],
    [401, 'http-status'],
    [204, 'http-status'],
  ])('status %i', async (status, problem) => {
    const { port } = await serve((_request, response) => response.writeHead(status).end(status === 204 ? '' : ONE));
    expect(await scrapeOf(port)).toBe(problem);
  });

  test('a redirect is not followed', async () => {
    const elsewhere = await serve((_request, response) => response.end(ONE));
    for (const status of [301, 302, 307, 308]) {
      const location = `http://127.0.0.1:${elsewhere.port}/metrics`;
      const { port } = await serve((_request, response) => response.writeHead(status, { location }).end());
      expect(await scrapeOf(port)).toBe('redirected');
    }
    expect(elsewhere.connections()).toBe(0);
  });

  test('a host that is none is not looked up', async () => {
    const limits = { timeoutMs: 1_000, signal: new AbortController().signal, now: Date.now };
    for (const host of ['', 'a/b', 'a b', 'user@host', 'a\r\nx: y', 'x'.repeat(300)])
      expect(await scrapeExporter(host, 11001, limits)).toBe('unknown-host');
  });

  test('a port on which nobody listens', async () => {
    const server = await httpServer(() => {});
    await server.close();
    expect(await scrapeOf(server.port)).toBe('refused');
  });

  test('what does not speak HTTP', async () => {
    const { port } = await serveTcp('\x00\x00\x00\x10kafka says no\r\n\r\n');
    expect(await scrapeOf(port)).toBe('not-http');
  });
});

describe('what breaks off', () => {
  test.each([
    ['before its length', `HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n${ONE}`],
    ['within a chunk', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1000\r\n${ONE}`],
    ['without an answer', ''],
  ])('%s', async (_what, text) => {
    const { port } = await serveTcp(text);
    expect(await scrapeOf(port)).toBe('cut-off');
  });

  test('compressed data that ends early, or is none', async () => {
    const packed = gzipSync(recordedText('4.3.1', 'second'));
    for (const body of [packed.subarray(0, 3_000), Buffer.from('not gzip at all')]) {
      const { port } = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body),
      );
      expect(await scrapeOf(port)).toBe('cut-off');
    }
  });
});

describe('what takes too long', () => {
  test('an answer that does not begin', async () => {
    const { port } = await serve(() => {});
    expect(await scrapeOf(port, { timeoutMs: 60 })).toBe('timed-out');
  });

  test('one that drips', async () => {
    const { port } = await serve((_request, response) => {
      const drip = setInterval(() => response.write(ONE[0]), 5);
      response.on('close', () => clearInterval(drip));
    });
    expect(await scrapeOf(port, { timeoutMs: 80 })).toBe('timed-out');
  });

  test('a collection that is over ends it at once', async () => {
    const { port } = await serve(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const startedMs = Date.now();
    expect(await scrapeOf(port, { signal: stop.signal })).toBe('no-time');
    expect(await scrapeOf(port, { signal: stop.signal })).toBe('no-time');
    expect(Date.now() - startedMs).toBeLessThan(1_000);
  });

  // The kernel drops what does not fit into the queue of a process that accepts nothing, as a security group does.
  test.skipIf(process.platform !== 'linux')('packets that are dropped are no route, not a slow exporter', async () => {
    const listen =
      "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})";
    const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const port = Number(String((await once(child.stdout, 'data'))[0]));
      child.kill('SIGSTOP');
      const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
      expect(await scrapeOf(port, { timeoutMs: 100 })).toBe('unreachable');
      for (const socket of waiting) socket.destroy();
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('what is too much', () => {
  const CHUNK = 65_536;

  /** `count` chunks, each of them as `chunkOf` makes it; it waits for the reader, as a real exporter has to. */
  function streaming(count: number, chunkOf: (index: number) => Buffer): RequestListener {
    return (_request, response) => {
      let index = 0;
      const more = (): void => {
        while (index < count) {
          index += 1;
          if (!response.write(chunkOf(index))) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    };
  }

  test('of 50 MB only the wanted series stay in memory', async () => {
    const filler = 'kafka_log_Log_Value{name="Size",topic="orders",partition="1",} 123456.0\n';
    const body = Buffer.from(filler.repeat(Math.floor((CHUNK - 200) / filler.length)));
    const chunkOf = (index: number): Buffer => {
      const error = `A_LONG_ERROR_NAME_${index}`;
      const wanted = `kafka_network_RequestMetrics_Count{error="${error}",name="ErrorsPerSec",request="Produce",} 1.0\n`;
      return Buffer.concat([Buffer.from(wanted), body]);
    };
    const { port } = await serve(streaming(800, chunkOf));
    const before = heapBytes();
    const scrape = await scrapeOf(port, { timeoutMs: 20_000 });
    const grownBytes = heapBytes() - before;
    expect(scrape).toMatchObject({ samples: { length: 800 } });
    expect(grownBytes).toBeLessThan(8_000_000);
  });

  test('a body without end is left', async () => {
    const { port } = await serve(
      streaming(Number.POSITIVE_INFINITY, () => Buffer.alloc(CHUNK, `${'x'.repeat(255)}\n`)),
    );
    expect(await scrapeOf(port, { timeoutMs: 20_000 })).toBe('too-large');
  });

  test('a small answer that unpacks to a large one is left as well', async () => {
    const packed = gzipSync(Buffer.alloc(70_000_000, `${'x'.repeat(255)}\n`));
    expect(packed.length).toBeLessThan(1_000_000);
    const { port } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    expect(await scrapeOf(port, { timeoutMs: 20_000 })).toBe('too-large');
  });

  function heapBytes(): number {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return process.memoryUsage().heapUsed;
  }
});
