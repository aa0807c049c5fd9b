// Where each family of the catalogue was seen on an MSK broker. Data for who changes the catalogue, and for the test that holds the two
// together; nothing at run time reads it.

/** Looked up on 2026-11-21. */
export const NAME_SOURCES = {
  amp: 'AWS’s list of what its managed collector reads from these ports of MSK: https://docs.aws.amazon.com/prometheus/latest/userguide/prom-msk-integration.html',
  recording:
    'A recorded scrape of an MSK broker’s port 11001 (JMX exporter 0.12.0, no rules, nothing lowercased), and the names that Datadog’s integration reads there: https://github.com/DataDog/integrations-core/tree/master/amazon_msk, tests/docker/exporter_jmx/metrics and datadog_checks/amazon_msk/metrics.py',
  /** Not seen on MSK: follows from the exporter's own naming and AWS's word that all of Kafka's JMX metrics are there. */
  unverified:
    'https://docs.aws.amazon.com/msk/latest/developerguide/prometheus-metrics.html: all metrics that Kafka emits to JMX; of the node exporter CPU and disk',
} as const;

export const NAME_EVIDENCE: Readonly<Record<string, keyof typeof NAME_SOURCES>> = {
  jmx_scrape_error: 'amp',
  kafka_network_RequestMetrics_Count: 'amp',
  kafka_network_RequestMetrics_Mean: 'amp',
  kafka_network_RequestMetrics_95thPercentile: 'recording',
  kafka_network_RequestMetrics_99thPercentile: 'recording',
  kafka_network_RequestChannel_Value: 'recording',
  kafka_network_SocketServer_Value: 'recording',
  kafka_server_BrokerTopicMetrics_Count: 'amp',
  kafka_server_DelayedOperationPurgatory_Value: 'amp',
  kafka_server_KafkaRequestHandlerPool_OneMinuteRate: 'recording',
  kafka_server_ReplicaManager_Count: 'recording',
  kafka_server_socket_server_metrics_failed_authentication_total: 'amp',
  kafka_server_socket_server_metrics_failed_authentication: 'unverified',
  java_lang_Memory_HeapMemoryUsage_used: 'amp',
  java_lang_Memory_HeapMemoryUsage_max: 'amp',
  java_lang_GarbageCollector_CollectionTime: 'unverified',
  java_lang_GarbageCollector_CollectionCount: 'unverified',
  java_lang_G1_Young_Generation_CollectionTime: 'unverified',
  java_lang_G1_Young_Generation_CollectionCount: 'unverified',
  java_lang_G1_Old_Generation_CollectionTime: 'unverified',
  java_lang_G1_Old_Generation_CollectionCount: 'unverified',
  java_lang_G1_Concurrent_GC_CollectionTime: 'unverified',
  java_lang_G1_Concurrent_GC_CollectionCount: 'unverified',
  java_lang_Copy_CollectionTime: 'unverified',
  java_lang_Copy_CollectionCount: 'unverified',
  java_lang_MarkSweepCompact_CollectionTime: 'unverified',
  java_lang_MarkSweepCompact_CollectionCount: 'unverified',
  node_cpu_seconds_total: 'amp',
  node_disk_read_bytes_total: 'amp',
  node_disk_written_bytes_total: 'amp',
  node_disk_reads_completed_total: 'amp',
  node_disk_writes_completed_total: 'amp',
  node_network_receive_bytes_total: 'unverified',
  node_network_transmit_bytes_total: 'unverified',
  node_network_receive_errs_total: 'unverified',
  node_network_transmit_errs_total: 'unverified',
  node_network_receive_drop_total: 'unverified',
  node_network_transmit_drop_total: 'unverified',
};
