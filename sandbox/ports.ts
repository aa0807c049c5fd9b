import { createServer } from 'node:net';

const handedOut = new Set<number>();

/** A port free on 127.0.0.1 right now. The kernel may offer the same one twice before it is bound, so this process never does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await portFromKernel();
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    return port;
  }
}

function portFromKernel(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port on 127.0.0.1'));
      });
    });
  });
}
