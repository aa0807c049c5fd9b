import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';

/** Passes a call on unchanged, streaming both ways. `body` is what was already read of it, if anything. */
export function forward(
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
  body?: Buffer,
): Promise<number> {
  return new Promise((resolve) => {
    // rawHeaders keep the Host header and the spelling: moto takes S3's bucket and the service from them.
    const upstream = httpRequest(
      { host: '127.0.0.1', port, method: request.method, path: request.url, headers: headersOf(request), agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.rawHeaders));
        answer.pipe(response);
        answer.on('error', () => response.destroy());
        answer.on('close', () => resolve(answer.statusCode ?? 502));
      },
    );
    upstream.on('error', () => {
      // moto has gone: the caller sees a broken connection, as it would if AWS had.
      response.destroy();
      resolve(0);
    });
    if (body !== undefined) upstream.end(body);
    else request.pipe(upstream);
    request.on('error', () => upstream.destroy());
    response.on('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
  });
}

function headersOf(request: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'connection') headers[name] = value;
  }
  return headers;
}

function withoutHopByHop(raw: string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (/^(connection|keep-alive|transfer-encoding)$/i.test(name)) continue;
    kept.push(name, raw[i + 1] ?? '');
  }
  return kept;
}
