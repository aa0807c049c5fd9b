// What the sandbox needs of the machine, and the one line that installs each.
import { spawnSync } from 'node:child_process';

interface Prerequisite {
  name: string;
  command: string;
  args: string[];
  install: string;
}

const PREREQUISITES: readonly Prerequisite[] = [
  {
    name: 'Java 17 or newer',
    command: 'java',
    args: ['-version'],
    install: 'apt-get install -y openjdk-17-jre-headless   (macOS: brew install openjdk@17)',
  },
  { name: 'Maven', command: 'mvn', args: ['-v'], install: 'apt-get install -y maven   (macOS: brew install maven)' },
  {
    name: 'Python 3 with venv',
    command: 'python3',
    args: ['-c', 'import venv, ensurepip'],
    install: 'apt-get install -y python3 python3-venv   (macOS: brew install python)',
  },
];

/** One line per missing program: its name, and how to install it. Empty when the sandbox can run. */
export function missingPrerequisites(): string[] {
  return PREREQUISITES.filter(({ command, args }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0).map(
    ({ name, install }) => `${name} is missing; install it with: ${install}`,
  );
}
