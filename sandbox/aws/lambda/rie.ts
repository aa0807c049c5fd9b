import { mkdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../ports.ts';
import { type OwnedProcess, spawnOwned } from '../../processes.ts';
import { AWS_ACCOUNT, AWS_REGION, DUMMY_CREDENTIALS } from '../identity.ts';

export interface LambdaSettings {
  name: string;
  /** Holds `index.mjs`, as the deployed bundle does. */
  folder: string;
  /** `file.export`; `index.handler` unless told. */
  handler?: string;
  env?: Record<string, string>;
  timeoutSec?: number;
  memoryMb?: number;
}

export interface InvokeResult {
  payload: Buffer;
  /** Lambda's word in `x-amz-function-error`; absent when the handler returned. */
  functionError?: 'Unhandled';
  executionMs: number;
}

export interface DeployedLambda {
  name: string;
  arn: string;
  logFile: string;
  pid: number;
  invoke(payload: Buffer | string): Promise<InvokeResult>;
  stop(): Promise<void>;
}

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.mjs');
const INVOKE_PATH = '/2015-03-31/functions/function/invocations';

/** Starts one function under the Runtime Interface Emulator: its own process, real INIT, deadline and time-out. */
export async function startFunction(
  settings: LambdaSettings,
  options: { emulator: string; endpoint: string; logFolder: string },
): Promise<DeployedLambda> {
  const [port, apiPort] = [await freePort(), await freePort()];
  const logFile = join(options.logFolder, `lambda-${settings.name}.log`);
  await mkdir(options.logFolder, { recursive: true });
  const arn = `arn:aws:lambda:${AWS_REGION}:${AWS_ACCOUNT}:function:${settings.name}`;
  const owned = spawnOwned({
    name: `lambda-${settings.name}`,
    // env -i: spawnOwned hands the caller's environment on, and a function must never see the caller's credentials or settings.
    command: '/usr/bin/env',
    args: [
      '-i',
      ...Object.entries(environment(settings, arn, options.endpoint)).map(([key, value]) => `${key}=${value}`),
      options.emulator,
      '--runtime-interface-emulator-address',
      `127.0.0.1:${port}`,
      '--runtime-api-address',
      `127.0.0.1:${apiPort}`,
      process.execPath,
      BOOTSTRAP,
      settings.handler ?? 'index.handler',
    ],
    cwd: settings.folder,
    logFile,
  });
  await listening(port, owned, logFile);
  // One instance runs one event at a time. Real Lambda would start a second instance; here the next event waits its turn.
  let turn: Promise<unknown> = Promise.resolve();
  const invoke = (payload: Buffer | string): Promise<InvokeResult> => {
    const result = turn.then(() => post(port, payload));
    turn = result.catch(() => undefined);
    return result;
  };
  return { name: settings.name, arn, logFile, pid: owned.pid, invoke, stop: () => owned.stop() };
}

function environment(settings: LambdaSettings, arn: string, endpoint: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    LAMBDA_TASK_ROOT: settings.folder,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_TIMEOUT: String(settings.timeoutSec ?? 300),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb ?? 512),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'sandbox',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION,
    AWS_DEFAULT_REGION: AWS_REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_SESSION_TOKEN: 'sandbox',
    SANDBOX_FUNCTION_ARN: arn,
    ...DUMMY_CREDENTIALS,
    ...settings.env,
  };
}

function post(port: number, payload: Buffer | string): Promise<InvokeResult> {
  const startedMs = Date.now();
  return new Promise((resolve, reject) => {
    // Not fetch: its header time-out of 300 s is shorter than the longest function.
    const call = httpRequest({ host: '127.0.0.1', port, path: INVOKE_PATH, method: 'POST', agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ ...judged(Buffer.concat(parts)), executionMs: Date.now() - startedMs }));
    });
    call.on('error', reject);
    call.end(payload);
  });
}

/** The emulator answers 200 to everything, so a failure is told by its shape, as Lambda's own runtimes write it. */
export function judged(payload: Buffer): { payload: Buffer; functionError?: 'Unhandled' } {
  const text = payload.subarray(0, 200).toString('utf8');
  if (/^Task timed out after [\d.]+ seconds/.test(text)) {
    const error = { errorType: 'Sandbox.Timedout', errorMessage: `Error: ${payload.toString('utf8').trim()}` };
    return { payload: Buffer.from(JSON.stringify(error)), functionError: 'Unhandled' };
  }
  if (!text.trimStart().startsWith('{')) return { payload };
  try {
    const keys = Object.keys(JSON.parse(payload.toString('utf8')) as object);
    const known = keys.every((key) => ['errorType', 'errorMessage', 'trace', 'stackTrace', 'cause'].includes(key));
    if (known && keys.includes('errorType') && keys.includes('errorMessage'))
      return { payload, functionError: 'Unhandled' };
  } catch {
    // not JSON: the handler's own answer
  }
  return { payload };
}

async function listening(port: number, owned: OwnedProcess, logFile: string): Promise<void> {
  let dead = false;
  void owned.exited.then(() => {
    dead = true;
  });
  for (let tries = 0; tries < 200 && !dead; tries += 1) {
    if (await accepts(port)) return;
    await sleep(25);
  }
  await owned.stop();
  throw new Error(`the Runtime Interface Emulator did not start; its log: ${logFile}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
