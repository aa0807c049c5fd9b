// An address to which packets are dropped, as a security group does it: nobody refuses, nobody answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const LISTEN =
  "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})";

/** The kernel drops what does not fit into the queue of a process that accepts nothing. Linux only. */
export async function dropPackets(): Promise<{ address: string; port: number; stop(): void }> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  child.kill('SIGSTOP');
  const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  const stop = (): void => {
    for (const socket of waiting) socket.destroy();
    child.kill('SIGKILL');
  };
  return { address: `127.0.0.1:${port}`, port, stop };
}
