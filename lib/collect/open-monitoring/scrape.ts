// One scrape of one exporter over plain HTTP, as MSK offers it. Only the address it is given: no redirect is followed, no proxy is used.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ScrapeProblem } from '../../snapshot/open-monitoring-figures.ts';
import { WANTED_SERIES } from './catalogue.ts';
import { ExpositionReader } from './exposition.ts';
import { problemIn, type Scrape } from './figures.ts';

/** Within a VPC a connection takes a millisecond: later than this, packets are dropped. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Unpacked. The public recording of an MSK broker is 2.4 MB; it grows with the partitions. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** A host name of the DNS or an address; what a broker says of itself is not trusted to be one. */
const HOST = /^[\w.:-]{1,255}$/;

export interface ScrapeLimits {
  timeoutMs: number;
  /** Ends it at once, as `no-time`. */
  signal: AbortSignal;
  now(): number;
}

/** Reads the wanted series, or says what came in the way. Never rejects. */
export function scrapeExporter(host: string, port: number, limits: ScrapeLimits): Promise<Scrape | ScrapeProblem> {
  const { timeoutMs, signal } = limits;
  if (!HOST.test(host)) return Promise.resolve('unknown-host');
  return new Promise((resolve) => {
    // The first outcome counts; whatever the socket still says is not heard.
    const settle = (outcome: Scrape | ScrapeProblem): void => {
      clearTimeout(timer);
      clearTimeout(connectTimer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
      request.destroy();
    };
    const onAbort = (): void => settle('no-time');
    let isConnected = false;
    const timer = setTimeout(() => settle(isConnected ? 'timed-out' : 'unreachable'), timeoutMs);
    const connectTimer = setTimeout(() => isConnected || settle('unreachable'), CONNECT_TIMEOUT_MS);
    const onConnect = (): void => {
      isConnected = true;
    };
    const headers = { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'gzip' };
    // An agent of its own: the connection is not kept, and no other part of the process lends it a proxy.
    const request = httpRequest({ host, port, path: '/metrics', headers, agent: false })
      .on('socket', (socket) => socket.once('connect', onConnect))
      .on('error', (error) => settle(problemOf(error)))
      .on('response', (response) => void readAnswer(response, limits).then(settle))
      .end();
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

async function readAnswer(response: IncomingMessage, limits: ScrapeLimits): Promise<Scrape | ScrapeProblem> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) return statusCode >= 300 && statusCode < 400 ? 'redirected' : 'http-status';
  const atMs = limits.now();
  const isPacked = headers['content-encoding'] === 'gzip';
  // Without a length and without chunks only the closed connection ends the body, and a cut one looks the same.
  const isFramed = isPacked || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  const reader = new ExpositionReader(WANTED_SERIES);
  let bytes = 0;
  try {
    // The unpacked stream fails with what fails before it.
    const body = isPacked ? pipeline(response, createGunzip(), () => {}) : response;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return 'too-large';
      reader.write(chunk);
    }
  } catch {
    // Reset, ended before its length, or no gzip: the rest will not come.
    return 'cut-off';
  }
  const { samples } = reader.end(isFramed);
  return problemIn(samples) ?? { samples, atMs };
}

function problemOf({ code = '' }: NodeJS.ErrnoException): ScrapeProblem {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-host';
  if (code.startsWith('HPE_')) return 'not-http';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'cut-off' : 'unreachable';
}
