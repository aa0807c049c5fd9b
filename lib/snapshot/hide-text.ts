// Takes out of running text what tells where a cluster is and whose: hosts, addresses, ids of networks and keys, accounts.
// Only for sentences (reasons, notes, messages of AWS and Kafka) and client names: topics and groups are names that sections share.

const HIDDEN = 'redacted';

/** Stands for the account in a redacted snapshot. */
export const HIDDEN_ACCOUNT = '000000000000';

const HOST_AND_PORT = /(?<![\w:.])([A-Za-z0-9][A-Za-z0-9._-]*):(\d{2,5})\b(?![:\d])/g;
const IPV6_AND_PORT = /\[([0-9a-fA-F:.]+)\](?=:\d)/g;
const PRIVATE_HOST =
  /\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|api\.aws|internal|local|corp|lan)\b/g;
/** The name that EC2 gives a machine by its address, with or without the domain. */
const EC2_HOST = /\bip(?:-\d{1,3}){4}\b/g;
const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g;
const COLON_TOKEN = /(?<![\w:])[0-9a-fA-F:]*:[0-9a-fA-F:.]+(?![\w:])/g;
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html: 8 or 17 hexadecimal digits. */
const NETWORK_ID = /\b(subnet|vpc|sg|eni|vpce|vpce-svc|eipalloc|rtb|i)-[0-9a-f]{8,17}\b/g;
const KEY_ID = /\b(key\/)(?:mrk-)?[0-9a-f-]{32,36}\b/g;
const ARN_ACCOUNT = /\b(arn:aws[\w-]*:[\w-]*:[\w-]*:)\d{12}(?=:)/g;

/** Finds addresses and names of machines, and gives each its substitute. */
export function replaceHosts(text: string, substitute: (found: string) => string): string {
  return text
    .replace(IPV6_AND_PORT, (_, address: string) => substitute(address))
    .replace(COLON_TOKEN, (token) => (isIpv6(token) ? substitute(token) : token))
    .replace(HOST_AND_PORT, (_, host: string, port: string) => `${substitute(host)}:${port}`)
    .replace(PRIVATE_HOST, substitute)
    .replace(EC2_HOST, substitute)
    .replace(IPV4, substitute);
}

/** A sentence without hosts, addresses and ids of networks and keys. @param account null keeps accounts */
export function hideInSentence(text: string, account: string | null): string {
  const hidden = replaceHosts(text, () => HIDDEN)
    .replace(NETWORK_ID, `$1-${HIDDEN}`)
    .replace(KEY_ID, `$1${HIDDEN}`);
  return account === null
    ? hidden
    : hideAccounts(hidden).replaceAll(new RegExp(`\\b${account}\\b`, 'g'), HIDDEN_ACCOUNT);
}

/** Text with the accounts of its ARNs hidden. */
export function hideAccounts(text: string): string {
  return text.replace(ARN_ACCOUNT, `$1${HIDDEN_ACCOUNT}`);
}

/** The ARN of a key without the key's id or its own alias; anything else is hidden whole. */
export function hideKey(arn: string): string {
  const [, place, kind, name] = /^(.*:)(key|alias)\/(.*)$/.exec(arn) ?? [];
  if (place === undefined || name === undefined) return HIDDEN;
  // AWS's own aliases are the same in every account, and say whose the key is.
  return `${place}${kind}/${kind === 'alias' && name.startsWith('aws/') ? name : HIDDEN}`;
}

function isIpv6(token: string): boolean {
  const groups = token.split(':');
  if (!groups.every((group) => /^[0-9a-fA-F]{0,4}$/.test(group)) || groups.length > 9) return false;
  return token.includes('::') ? /[0-9a-fA-F]/.test(token) : groups.length === 8;
}
