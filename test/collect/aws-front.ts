// The real SDK clients against a server that answers as AWS does on the wire: each operation's answer is what a test says it is.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { type Front, type Incoming, type ServiceHandler, startFront } from '../../sandbox/aws/front.ts';
import { AwsError, sendJson, sendText } from '../../sandbox/aws/http.ts';
import { freePort } from '../../sandbox/ports.ts';

/** What is sent as it stands: what a proxy, a broken server or a server with another clock would say. */
export interface RawAnswer {
  raw: string;
  /** 200 unless told. */
  status?: number;
  headers?: Record<string, string>;
}

/** A JSON body, an error, XML for the query protocol, raw bytes, or what makes one of them of the call. */
export type Answer =
  | object
  | AwsError
  | { xml: string }
  | RawAnswer
  | ((call: AnsweredCall) => object | Promise<object>);

export interface AnsweredCall {
  operation: string;
  url: URL;
  /** The parsed JSON body; an empty object where there is none. */
  input: Record<string, unknown>;
  /** The form of the query protocol; empty for the others. */
  form: URLSearchParams;
  /** How often this operation was called before. */
  index: number;
  headers: IncomingHttpHeaders;
}

/** Service (as the signature names it) to operation to answer; an operation without an answer is refused as unknown. */
export type Answers = Readonly<Record<string, Readonly<Record<string, Answer>>>>;

export interface AwsFront extends Front {
  /** For `vi.stubEnv`: where the clients find the server, and credentials it accepts. */
  env: Readonly<Record<string, string>>;
}

/** @param nameOperation tells REST operations, which no header names, by method and path */
export async function startAwsFront(
  answers: Answers,
  nameOperation?: (service: string | undefined, method: string, url: URL) => string | undefined,
): Promise<AwsFront> {
  const port = await freePort();
  const handlers = Object.fromEntries(
    Object.entries(answers).map(([service, operations]) => [service, handlerOf(operations)]),
  );
  const named = nameOperation === undefined ? {} : { nameOperation };
  const front = await startFront({ port, handlers, emulatorPort: () => undefined, ...named });
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return { ...front, env };
}

function handlerOf(operations: Readonly<Record<string, Answer>>): ServiceHandler {
  const calls = new Map<string, number>();
  return async (incoming) => {
    const { operation, response } = incoming;
    const answer = operations[operation];
    if (answer === undefined) throw new AwsError('UnknownOperationException', `nobody answers ${operation}`, 404);
    const index = calls.get(operation) ?? 0;
    calls.set(operation, index + 1);
    const given = typeof answer === 'function' ? await answer(callOf(incoming, index)) : answer;
    if (given instanceof AwsError) throw given;
    if ('raw' in given) sendRaw(response, given as RawAnswer);
    else if ('xml' in given) sendText(response, 200, String(given.xml), 'text/xml');
    else sendJson(response, 200, given);
    return true;
  };
}

function sendRaw(response: ServerResponse, { raw, status = 200, headers = {} }: RawAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(raw);
}

function callOf({ operation, url, body, request }: Incoming, index: number): AnsweredCall {
  const text = body.toString('utf8');
  const input = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  const isForm = request.headers['content-type']?.includes('x-www-form-urlencoded') === true;
  return { operation, url, input, form: new URLSearchParams(isForm ? text : ''), index, headers: request.headers };
}
