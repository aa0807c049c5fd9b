// An HTTP server on 127.0.0.1 in place of an exporter, and a scrape of it.
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { scrapeExporter } from '../../../lib/collect/open-monitoring/scrape.ts';

export interface TestServer {
  port: number;
  /** Connections that were made to it. */
  connections(): number;
  close(): Promise<void>;
}

export function httpServer(answer: RequestListener): Promise<TestServer> {
  return listening(createServer(answer));
}

export function tcpServer(onConnection: (socket: Socket) => void): Promise<TestServer> {
  return listening(createTcpServer(onConnection));
}

async function listening(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, connections: () => connections, close };
}

export function scrapeOf(port: number, { timeoutMs = 5_000, signal = new AbortController().signal } = {}) {
  return scrapeExporter('127.0.0.1', port, { timeoutMs, signal, now: Date.now });
}
