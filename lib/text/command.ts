// Copy-ready shell commands. Every argument is quoted for a POSIX shell; an argument that is not printable makes the command unprintable.

/** A literal argument, or a shell variable that the report's setup lines define (`"$BOOTSTRAP"`). */
export type CommandArg = string | { variable: 'BOOTSTRAP' | 'CURRENT_VERSION' | 'ALARM_TOPIC_ARN' };

export interface Command {
  /** What running it does, in a few words: shown above the command. */
  purpose: string;
  /** `read` only looks; `change` alters the cluster. */
  effect: 'read' | 'change';
  argv: readonly CommandArg[];
  /** What it prints becomes this shell variable, for the commands after it. */
  assigns?: 'CURRENT_VERSION';
  /** What it prints is base64 of this file, which the commands after it take: the file is written as it is. */
  decodesTo?: 'server.properties';
}

const SAFE_UNQUOTED = /^[A-Za-z0-9_@%+=:,./-]+$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** One argument as a POSIX shell word; null when it holds anything but printable ASCII. */
export function quoteArg(arg: CommandArg): string | null {
  if (typeof arg !== 'string') return `"$${arg.variable}"`;
  if (!PRINTABLE_ASCII.test(arg)) return null;
  if (SAFE_UNQUOTED.test(arg)) return arg;
  return `'${arg.replaceAll("'", `'\\''`)}'`;
}

/** The whole command as one line to paste, or null when an argument could not be pasted safely. */
export function renderCommand(command: Command): string | null {
  const words = command.argv.map(quoteArg);
  if (words.includes(null)) return null;
  const line = words.join(' ') + (command.decodesTo === undefined ? '' : ` | base64 -d > ${command.decodesTo}`);
  return command.assigns === undefined ? line : `${command.assigns}=$(${line})`;
}

/**
 * An option with a name from outside as its value. A value that begins with `-` would be read as an option of its own
 * (a group called `--all-groups`), so it is joined by `=`; the Kafka tools and the AWS CLI accept both forms.
 */
export function optionArgs(option: string, value: string): string[] {
  return value.startsWith('-') ? [`${option}=${value}`] : [option, value];
}
