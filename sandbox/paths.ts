import { join, resolve } from 'node:path';

/** Everything the sandbox writes lies under this one git-ignored folder of the repository. */
export const sandboxDir: string = resolve(import.meta.dirname, '..', '.sandbox');

/** What survives a run: jars, the emulator's virtual environment, class archives, formatted data directories. */
export const cacheDir: string = resolve(process.env.MSK_CHECKUP_SANDBOX_CACHE ?? join(sandboxDir, 'cache'));

/** What belongs to one run: data, logs, the supervisor's state file. Its own folder makes a second sandbox possible. */
export const runDir: string = resolve(process.env.MSK_CHECKUP_SANDBOX_RUN ?? join(sandboxDir, 'run'));
