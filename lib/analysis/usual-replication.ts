// The copies that most of a cluster's traffic is kept in, for limits that hang on it.

import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { type ConfigInputs, effectiveNumber } from './effective-config.ts';
import { remembered } from './remembered.ts';
import { median } from './statistics.ts';

/** Express keeps three copies whatever a topic asks for: https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types-express.html. */
const EXPRESS_COPIES = 3;

export interface Replication {
  rf: number;
  /** Where it comes from, for a reader. */
  source: string;
  /** The topics were not read: what new ones get stands for them. It may support a finding, and no pass. */
  isAssumed: boolean;
}

const medianCopies = remembered((topics: SectionValue<'kafkaTopics'>) => {
  const copies: number[] = [];
  for (const { internal, partitions } of topics)
    if (!internal) for (const { replicas } of partitions) copies.push(replicas.length);
  return median(copies);
});

/** Median over the partitions of clients' topics, else what new topics get; null when nobody tells. */
export function usualReplication(
  topics: Collected<SectionValue<'kafkaTopics'>>,
  inputs: ConfigInputs,
): Replication | null {
  if (inputs.cluster.ok && inputs.cluster.value.kind === 'provisioned-express')
    return { rf: EXPRESS_COPIES, source: 'Express keeps three copies', isAssumed: false };
  const usual = topics.ok ? medianCopies(topics.value) : null;
  if (usual !== null)
    return { rf: Math.round(usual), source: "of most partitions of clients' topics", isAssumed: false };
  const inherited = effectiveNumber('default.replication.factor', inputs);
  return inherited === null
    ? null
    : {
        rf: inherited.number,
        source: `default.replication.factor, ${inherited.source}`,
        isAssumed: !topics.ok,
      };
}
