// What a producer leaves to the defaults of its library.
import { LIBRARY_NAME } from '../../facts/client-libraries.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import type { Block, LintRule } from '../lint-types.ts';
import { advised, CLIENT_PAGE, effective, isFalse, line, PRODUCERS, setting, severities, shown } from '../rule.ts';

export const defaultsWeak: LintRule = {
  id: 'defaults-weak',
  kinds: PRODUCERS,
  severity: severities('medium', 'low', 'info'),
  what: 'A producer that leaves a default of its library in force that loses, doubles or slows records',
  why: 'what is not set is the default, and these differ between libraries and versions',
  right: 'set them',
  reference: CLIENT_PAGE,
  find(block, context) {
    if (block.kind === 'client' && !block.settings.some(({ role }) => role === 'producer')) return [];
    const weak = WEAK.filter(([name, isWeak]) => {
      const value = setting(block, name) === null && block.library !== null ? effective(block, name, context) : null;
      return value !== null && isWeak(value, block);
    });
    // acks excludes idempotence: what was said of the one is said of the other.
    const excluded = ['0', '1'].includes(setting(block, 'acks')?.value ?? '') || isTransactional(block);
    const named = weak.filter(([name]) => !(excluded && name === 'enable.idempotence'));
    if (named.length === 0) return [];
    const losing = named.some(([name]) => name === 'acks' || name === 'retries');
    const list = named.map(([name]) => line(block, name, inWords(block, name, effective(block, name, context)!)));
    const right = named.flatMap(([name]) => advised(block, name, context) ?? []).join(', ');
    return [
      {
        at: null,
        message: `not set, so ${LIBRARY_NAME[block.library!]} has ${list.join(', ')}`,
        right,
        milderBy: losing ? 0 : 1,
      },
    ];
  },
};

export const errorsDropped: LintRule = {
  id: 'errors-dropped',
  kinds: PRODUCERS,
  severity: severities('high', 'medium', 'low'),
  what: 'A producer that is not told what it could not send',
  why: 'Sarama writes the error to its log, and the record is gone: the program cannot send it again; its synchronous producer does not start',
  right: 'Producer.Return.Errors=true, and a reader of the Errors channel',
  reference: CLIENT_PAGE,
  find(block) {
    const at = block.settings.findLast(({ key }) => key === 'Producer.Return.Errors') ?? null;
    return isFalse(at) ? [{ at, message: shown(at!) }] : [];
  },
};

/** Settings whose silence matters, and the values that do. */
const WEAK: [name: string, isWeak: (value: string, block: Block) => boolean][] = [
  ['acks', (value) => value !== 'all'],
  // KafkaJS waits longer with each of its five tries.
  ['retries', (value, { library }) => Number(value) < CONFIG_LIMITS.producer.minRetries && library !== 'kafkajs'],
  ['enable.idempotence', (value) => value === 'false'],
  ['linger.ms', (value) => Number(value) === 0],
];

function isTransactional(block: Block): boolean {
  const id = setting(block, 'transactional.id');
  return id !== null && id.text !== '';
}

function inWords({ library }: Block, name: string, value: string): string {
  return library === 'sarama' && name === 'acks' ? 'WaitForLocal' : value;
}
