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

/** What a cluster with every listener, or with members of Kafka Streams, needs besides. */
const TO_MAKE_THINGS: readonly Prerequisite[] = [
  {
    name: 'A Java compiler (JDK 17 or newer)',
    command: 'javac',
    args: ['-version'],
    install: 'apt-get install -y openjdk-17-jdk-headless   (macOS: brew install openjdk@17)',
  },
  {
    name: 'openssl',
    command: 'openssl',
    args: ['version'],
    install: 'apt-get install -y openssl   (macOS: brew install openssl)',
  },
];

/**
 * One line per missing program: its name, and how to install it. Empty when the sandbox can run, or when it can also open every
 * listener.
 */
export function missingPrerequisites(purpose: 'usual cluster' | 'every listener' = 'usual cluster'): string[] {
  const needed = purpose === 'usual cluster' ? PREREQUISITES : [...PREREQUISITES, ...TO_MAKE_THINGS];
  return needed
    .filter(({ command, args }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0)
    .map(({ name, install }) => `${name} is missing; install it with: ${install}`);
}
