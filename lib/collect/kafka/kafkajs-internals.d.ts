// The part of kafkajs 2.2.4 that lies behind its public types and that transport.ts stands on. The package is
// frozen since February 2023; test/collect/kafka/kafkajs-internals.test.ts fails when one of these is no longer there.
declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';

  interface Logger {
    namespace(): Logger;
    info(): void;
    error(): void;
    warn(): void;
    debug(): void;
  }

  interface ProtocolRequest {
    request: {
      apiKey: number;
      apiVersion: number;
      apiName: string;
      encode(): Promise<{ buf: Buffer; buffer: Buffer }>;
    };
    response: { decode(bytes: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
    logResponseError?: boolean;
  }

  interface SaslExchange {
    host: string;
    port: number;
    saslAuthenticate(exchange: {
      request: { encode(): Promise<Buffer> };
      response: { decode(bytes: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
    }): Promise<unknown>;
  }

  interface SaslOptions {
    mechanism: string;
    username?: string;
    password?: string;
    authenticationProvider?: (exchange: SaslExchange) => { authenticate(): Promise<void> };
  }

  interface ConnectionOptions {
    host: string;
    port: number;
    clientId: string;
    logger: Logger;
    ssl: object | null;
    sasl: SaslOptions | null;
    connectionTimeout: number;
    /** Milliseconds before the end of a session in which a request renews it first. */
    reauthenticationThreshold: number;
    /** False: no timer for each request. */
    enforceRequestTimeout: boolean;
    socketFactory(target: { host: string; port: number; ssl: object | null; onConnect: () => void }): Socket;
  }

  interface RequestQueue {
    /** Requests that left and are not answered, by correlation id. */
    inflight: { readonly size: number; has(correlationId: number): boolean };
    /** Requests that wait to leave. */
    pending: unknown[];
    /** Epoch milliseconds. */
    throttledUntil: number;
    /** Read whenever a request is about to leave; null for no limit. */
    maxInFlightRequests: number | null;
    canSendSocketRequestImmediately(): boolean;
    sendSocketRequest(request: unknown): void;
    fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
    maybeThrottle(throttleMs: number | null | undefined): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }

  class Connection {
    constructor(options: ConnectionOptions);
    socket: Socket | undefined;
    /** Bytes after which the next answer is complete: its announced size, once that is known. */
    bytesNeeded: number;
    requestQueue: RequestQueue;
    connect(): Promise<boolean>;
    disconnect(): Promise<boolean>;
    authenticate(): Promise<void>;
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
    setSupportAuthenticationProtocol(isSupported: boolean): void;
    send(request: ProtocolRequest): Promise<unknown>;
    processData(bytes: Buffer): void;
    rejectRequests(error: Error): void;
  }

  export = Connection;
}
