import type { Incoming, ServiceHandler } from '../front.ts';
import { AwsError, sendText } from '../http.ts';
import { type DeployedLambda, type LambdaSettings, startFunction } from './rie.ts';

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
/** Lambda's limit for a synchronous request. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
const MAX_EVENT_BYTES = 1024 * 1024;

/** The functions deployed in the sandbox: a name, and the process that answers for it. */
export class Functions {
  readonly #deployed = new Map<string, DeployedLambda>();
  readonly #options: () => Promise<{ emulator: string; endpoint: string; logFolder: string }>;

  constructor(options: () => Promise<{ emulator: string; endpoint: string; logFolder: string }>) {
    this.#options = options;
  }

  /** Deploying a name again replaces the function, as an update of its code does. */
  async deploy(settings: LambdaSettings): Promise<DeployedLambda> {
    await this.#deployed.get(settings.name)?.stop();
    const started = await startFunction(settings, await this.#options());
    this.#deployed.set(settings.name, started);
    return started;
  }

  find(nameOrArn: string): DeployedLambda | undefined {
    const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn.split(':')[0];
    return this.#deployed.get(name ?? '');
  }

  processes(): { name: string; pid: number }[] {
    return [...this.#deployed.values()].map(({ name, pid }) => ({ name: `lambda-${name}`, pid }));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#deployed.values()].map((one) => one.stop()));
    this.#deployed.clear();
  }

  /** `lambda:Invoke` of a deployed function; every other call of Lambda goes to the emulator. */
  readonly handle: ServiceHandler = async (incoming) => {
    const name = INVOKE.exec(incoming.url.pathname)?.[1];
    if (name === undefined || incoming.request.method !== 'POST') return false;
    const found = this.find(decodeURIComponent(name));
    if (found === undefined) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${decodeURIComponent(name)}`, 404);
    }
    await invoke(found, incoming);
    return true;
  };
}

async function invoke(found: DeployedLambda, { request, response, body }: Incoming): Promise<void> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const limit = type === 'Event' ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES;
  if (body.length > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the ${String(type)} type`,
      413,
    );
  }
  if (type === 'DryRun') return sendText(response, 204, '', 'application/json');
  const event = body.length === 0 ? '{}' : body;
  if (type === 'Event') {
    found.invoke(event).catch(() => undefined);
    return sendText(response, 202, '', 'application/json');
  }
  const result = await found.invoke(event);
  const headers: Record<string, string> = { 'x-amz-executed-version': '$LATEST' };
  if (result.functionError !== undefined) headers['x-amz-function-error'] = result.functionError;
  sendText(response, 200, result.payload.toString('utf8'), 'application/json', headers);
}
