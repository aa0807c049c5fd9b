import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendError } from './errors.ts';
import { DEFAULT_DELAY_MS, type Fault, FaultBox, faultError } from './faults.ts';
import { forward } from './forward.ts';
import { AwsError, readBody } from './http.ts';
import { operationOf, signedService } from './identify.ts';

export interface RequestRecord {
  atMs: number;
  service: string | undefined;
  operation: string;
  /** 0 when the connection broke without an answer. */
  status: number;
  fault?: string;
}

export interface Incoming {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  operation: string;
  body: Buffer;
}

/** Answers one service itself. Resolves to false for a call that it leaves to the emulator. */
export type ServiceHandler = (incoming: Incoming) => Promise<boolean>;

export interface Front {
  port: number;
  requests: RequestRecord[];
  faults: FaultBox;
  close(): Promise<void>;
}

export interface FrontOptions {
  port: number;
  handlers: Record<string, ServiceHandler>;
  /** Gives the REST operation's name where method and path decide it, for the log and for faults. */
  nameOperation?: (service: string | undefined, method: string, url: URL) => string | undefined;
  /** The emulator behind; undefined in tests that need none. */
  emulatorPort: () => number | undefined;
}

/** The one address that AWS_ENDPOINT_URL points at: routes by the service name in the signature's credential scope. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const requests: RequestRecord[] = [];
  const faults = new FaultBox();
  const server = createServer((request, response) => {
    answer(request, response, { ...options, requests, faults }).catch(() => response.destroy());
  });
  // S3 uploads may be slow and the Runtime Interface Emulator may take a function's whole time-out.
  server.requestTimeout = 0;
  // Never closed from here while idle: a client that sends into such a close sees a failure that nobody injected.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { port: options.port, requests, faults, close: () => closeServer(server) };
}

type Context = FrontOptions & { requests: RequestRecord[]; faults: FaultBox };

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const service = signedService(request, url);
  const handler = service === undefined ? undefined : context.handlers[service];
  const streamed = handler === undefined && !isForm(request);
  const body = streamed ? undefined : await readBody(request);
  const operation =
    context.nameOperation?.(service, request.method ?? 'GET', url) ??
    operationOf(service, request, url, isForm(request) ? (body?.toString('latin1') ?? '') : '');
  const record: RequestRecord = { atMs: Date.now(), service, operation, status: 0 };
  context.requests.push(record);
  response.on('finish', () => {
    record.status = response.statusCode;
  });
  const fault = context.faults.take(service, operation);
  if (fault !== undefined) {
    record.fault = fault.kind;
    if (await struck(fault, service, operation, request, response)) return;
  }
  await serve({ request, response, url, operation, body: body ?? Buffer.alloc(0) }, service, body, handler, context);
}

async function serve(
  incoming: Incoming,
  service: string | undefined,
  body: Buffer | undefined,
  handler: ServiceHandler | undefined,
  context: Context,
): Promise<void> {
  try {
    if (handler !== undefined && (await handler(incoming))) return;
    const port = context.emulatorPort();
    if (port === undefined)
      throw new AwsError('UnknownOperationException', `${service ?? 'this call'} needs the emulator`, 404);
    await forward(port, incoming.request, incoming.response, body);
  } catch (error) {
    if (!(error instanceof AwsError)) console.error('sandbox front server:', error);
    const shown = error instanceof AwsError ? error : faultError('500', service, incoming.operation);
    if (incoming.response.headersSent) incoming.response.destroy();
    else sendError(incoming.response, service ?? '', shown);
  }
}

/** True when the fault ended the call. */
async function struck(
  fault: Fault,
  service: string | undefined,
  operation: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (fault.kind === 'slow') {
    await sleep(fault.delayMs ?? DEFAULT_DELAY_MS);
    return false;
  }
  if (fault.kind === 'cut') {
    request.socket.destroy();
    return true;
  }
  request.resume();
  sendError(response, service ?? '', faultError(fault.kind, service, operation));
  return true;
}

function isForm(request: IncomingMessage): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
