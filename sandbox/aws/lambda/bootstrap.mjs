// The Node runtime of a Lambda function in one page: load the handler, then ask the Runtime API for one event after the other.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The emulator may be killed outright; its child must not stay behind in the middle of a handler.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const asError = (e) => ({
  errorType: e?.name ?? 'Error',
  errorMessage: e?.message ?? String(e),
  trace: (e?.stack ?? '').split('\n'),
});
const post = (path, body) => fetch(`${api}${path}`, { method: 'POST', body });

const [file = 'index', name = 'handler'] = (process.env._HANDLER ?? process.argv[2] ?? 'index.handler').split('.');
let handler;
try {
  handler = (await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT, `${file}.mjs`)).href))[name];
  if (typeof handler !== 'function') throw new TypeError(`${file}.${name} is no function`);
} catch (error) {
  await post('/init/error', JSON.stringify(asError(error)));
  process.exit(1);
}

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const deadlineMs = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION ?? '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    // The emulator sends an ARN of its own making; the function's true one is in its environment.
    invokedFunctionArn: process.env.SANDBOX_FUNCTION_ARN ?? next.headers.get('lambda-runtime-invoked-function-arn'),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
  try {
    const result = await handler(await next.json(), context);
    await post(`/invocation/${id}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await post(`/invocation/${id}/error`, JSON.stringify(asError(error)));
  }
}
