// Topics of tools and libraries, known by their names.

/** Names that Kafka Connect and the Schema Registry give by default or by their guides. */
export const OF_TOOLS = /^(_schemas|(.+[-_.])?connect-(config|offset|status)[a-z]*)$/;

/** State and shuffled records of Kafka Streams: https://kafka.apache.org/documentation/streams/developer-guide/manage-topics.html. */
export const OF_STREAMS = /-(changelog|repartition)$/;

/** Topics that MSK makes and keeps for itself (its canary): nobody else can mend them. */
export function isOfMsk(topic: string): boolean {
  return topic.startsWith('__amazon_msk_');
}
