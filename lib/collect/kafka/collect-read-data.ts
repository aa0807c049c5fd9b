// What a collection reads by the user's choice alone: both requests need READ on the topics.
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { KnownTraffic } from './busiest-partitions.ts';
import type { ClusterSession } from './cluster-session.ts';
import { readBatches } from './collect-batches.ts';
import { readProducers } from './collect-producers.ts';
import { type KafkaPlan, type KafkaSections, READ_DATA_SECTIONS } from './plan.ts';

type ReadData = Pick<KafkaSections, (typeof READ_DATA_SECTIONS)[number]>;

/** Whether the plan opts in; without it the session refuses to send what these sections need. */
export function wantsReadData({ sections }: Pick<KafkaPlan, 'sections'>): boolean {
  return READ_DATA_SECTIONS.some((name) => sections.includes(name));
}

/** Those of the wanted sections, one request to each leader for each of them; without offsets they are missing as these are. */
export async function readReadData(
  session: ClusterSession,
  wanted: KafkaPlan['sections'],
  known: Omit<KnownTraffic, 'offsets'> & { offsets: Collected<SectionValue<'kafkaOffsets'>> },
): Promise<ReadData> {
  const { offsets } = known;
  const read = <T>(name: keyof ReadData, reader: (given: KnownTraffic) => Promise<Collected<T>>) =>
    wanted.includes(name) ? (offsets.ok ? reader({ ...known, offsets: offsets.value }) : offsets) : undefined;
  const [kafkaProducers, kafkaBatches] = await Promise.all([
    read('kafkaProducers', (given) => readProducers(session, given)),
    read('kafkaBatches', (given) => readBatches(session, given)),
  ]);
  return { ...(kafkaProducers && { kafkaProducers }), ...(kafkaBatches && { kafkaBatches }) };
}
