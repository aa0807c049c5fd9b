import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { type OwnedProcess, spawnOwned } from '../processes.ts';
import { AWS_ACCOUNT, AWS_REGION } from './identity.ts';

const READY_WITHIN_MS = 30_000;

export interface Moto {
  port: number;
  process: OwnedProcess;
}

/** moto behind the front server. `frontPort` is where its Step Functions tasks call back, so that they meet the front's answers. */
export async function startMoto(options: { venv: string; folder: string; frontPort: number }): Promise<Moto> {
  const port = await freePort();
  const process = spawnOwned({
    name: 'moto',
    command: join(options.venv, 'bin', 'moto_server'),
    args: ['-H', '127.0.0.1', '-p', String(port)],
    env: {
      MOTO_PORT: String(options.frontPort),
      MOTO_ACCOUNT_ID: AWS_ACCOUNT,
      AWS_DEFAULT_REGION: AWS_REGION,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    logFile: join(options.folder, 'moto.log'),
  });
  await answering(port, process, join(options.folder, 'moto.log'));
  return { port, process };
}

async function answering(port: number, process: OwnedProcess, logFile: string): Promise<void> {
  let dead = false;
  void process.exited.then(() => {
    dead = true;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && !dead) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/moto-api/data.json`);
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {
      // not listening yet
    }
    await sleep(50);
  }
  await process.stop();
  throw new Error(`the AWS emulator did not start; its log: ${logFile}`);
}
