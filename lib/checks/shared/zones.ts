// Which availability zone a broker is in.
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';

/** Zone ids by broker id: as MSK's nodes say, else the rack that Kafka names. A broker of which nobody says it is left out. */
export function zonesByBroker(
  nodes: Collected<SectionValue<'nodes'>>,
  kafkaBrokers: Collected<SectionValue<'kafkaBrokers'>>,
): Map<string, string> {
  const told = [
    ...(kafkaBrokers.ok ? kafkaBrokers.value.brokers.map(({ id, rack }) => [String(id), rack] as const) : []),
    ...(nodes.ok ? nodes.value.map(({ brokerId, azId }) => [String(brokerId), azId] as const) : []),
  ];
  return new Map(told.flatMap(([id, zone]) => (zone === null ? [] : [[id, zone] as const])));
}
