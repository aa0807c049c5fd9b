// No single answer may grow without bound: it would stand in the broker's memory and in ours at once. Where an estimate says that
// it would, the question is asked in parts, one after the other on each connection.
import type { BrokerNode, ClusterSession, NodeAnswer } from './cluster-session.ts';
import type { Api } from './protocol/api.ts';

export const MAX_ESTIMATED_ANSWER_BYTES = 32 * 1024 * 1024;

/** Cuts a list where the estimated answer would pass the limit; an item that alone is larger is a part of its own. */
export function partsOf<T>(
  items: readonly T[],
  answerBytesOf: (item: T) => number,
  limitBytes: number = MAX_ESTIMATED_ANSWER_BYTES,
): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = answerBytesOf(item);
    const part = parts.at(-1);
    if (part === undefined || bytes + size > limitBytes) {
      parts.push([item]);
      bytes = size;
    } else {
      part.push(item);
      bytes += size;
    }
  }
  return parts;
}

/**
 * Asks brokers in parts, the next one when the one before is answered. Brokers for which there are no parts are not asked. What was
 * answered before a fault is kept beside it.
 */
export async function askInParts<Input, Answer>(
  session: ClusterSession,
  api: Api<Input, Answer>,
  partsFor: (node: BrokerNode) => readonly Input[] | undefined,
): Promise<NodeAnswer<Answer[]>[]> {
  const asked = session.nodes.map(async (node): Promise<NodeAnswer<Answer[]> | null> => {
    const parts = partsFor(node) ?? [];
    return parts.length === 0 ? null : askParts(session, node, api, parts);
  });
  return (await Promise.all(asked)).filter((given) => given !== null);
}

async function askParts<Input, Answer>(
  session: ClusterSession,
  node: BrokerNode,
  api: Api<Input, Answer>,
  parts: readonly Input[],
): Promise<NodeAnswer<Answer[]>> {
  const answers: Answer[] = [];
  for (const part of parts) {
    const { answer, fault } = await session.askNode(node, api, part);
    if (answer === null) return { node, answer: answers.length === 0 ? null : answers, fault };
    answers.push(answer);
  }
  return { node, answer: answers, fault: null };
}
