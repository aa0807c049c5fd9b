// Our judgement on single settings of clients, topics and brokers, in one place, so that the lint and the checks of the same things agree.
// Sources: [BP-C] docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html, [BP] bestpractices.html of the same guide,
// [SKILL] skill managing-amazon-msk of github.com/aws/agent-toolkit-for-aws, [AK] kafka.apache.org/documentation.

export const CONFIG_LIMITS = {
  producer: {
    /** Kafka's own default: less than this makes batching worse than saying nothing [AK]. */
    minBatchBytes: 16_384,
    /** AWS asks for 64 or 128 KiB [BP-C]. */
    advisedBatchBytes: 65_536,
    /** A batch that fills a whole message limit leaves no room for its header: Kafka's default max.message.bytes less 1 %. */
    maxBatchBytes: 1_038_000,
    /** AWS: at least 5, never 0, whatever the goal [BP-C]. */
    minLingerMs: 5,
    /** Beyond this the wait is what people notice; 25 is typical [BP-C]. */
    maxLingerMs: { latency: 25, other: 1_000 },
    /** A broker restart takes seconds to minutes: a count that ends before it loses records. Bounded by time, not by count [BP-C]. */
    minRetries: 50,
    /** One rolling restart of a broker must fit in [BP-C]. */
    minDeliveryTimeoutMs: 60_000,
    minRequestTimeoutMs: 10_000,
    /** send() waits so long for a leader and for room in the buffer; the default is a minute [AK]. */
    minBlockMs: 1_000,
    /** Half of Java's default; AWS asks for 64 MiB [BP-C]. */
    minBufferBytes: 16_777_216,
    advisedBufferBytes: 67_108_864,
  },
  consumer: {
    /** AWS asks for 45 to 60 s: a restart within it costs no rebalance [SKILL]. */
    minSessionTimeoutMs: 45_000,
    /** Half of that and less: a slow garbage collection is a rebalance. */
    veryShortSessionTimeoutMs: 15_000,
    /** Three missed heartbeats before a member is given up [AK]. */
    heartbeatsPerSession: 3,
    /** Kafka's default [AK]. */
    maxPollIntervalMs: 300_000,
    /** Shorter waits with fetch.min.bytes=1 only add empty polls [SKILL]. */
    minFetchWaitMs: 100,
    /** For all goals but throughput and cost: the memory is members x partitions x this. */
    maxPartitionFetchBytes: 8_388_608,
    /** Commits are requests to one broker each [BP-C]. */
    minCommitIntervalMs: 5_000,
  },
  client: {
    /** The default of the Java client; AWS asks for 1000 where clients with IAM come in crowds [AK]. */
    minReconnectBackoffMs: 50,
    /** A tenth of the default [AK]. */
    minRetryBackoffMs: 10,
    /** The default is nine minutes: under one, a client with little to do connects anew for each record [AK]. */
    minConnectionIdleMs: 60_000,
  },
  topic: {
    /** AWS: replication factor 3 in three availability zones [BP]. */
    minReplicationFactor: 3,
    minInsyncReplicas: 2,
    /** Under an hour no consumer survives a restart or a deployment. */
    minRetentionMs: 3_600_000,
    /** A weekend and a day: what a durability goal must survive without anyone at work. */
    minRetentionForDurabilityMs: 259_200_000,
    /** Where Kafka stops being the place for a payload; the limit of MSK Serverless. */
    maxMessageBytes: 8_388_608,
    /** Smaller segments are thousands of open files and memory maps on a broker. */
    minSegmentBytes: 52_428_800,
    minCleanableRatio: 0.1,
    maxCleanableRatio: 0.9,
    /** Tombstones kept longer than a week are read again by each new consumer. */
    maxDeleteRetentionMs: 604_800_000,
  },
  broker: {
    /** MSK's and Kafka's default; smaller ones throttle what crosses availability zones. */
    minSocketBufferBytes: 102_400,
    maxSocketBufferBytes: 4_194_304,
    /** Network threads beyond this share of the I/O threads only fill the request queue [SKILL]. */
    maxNetworkPerIoThread: 0.75,
    /** Four times the default: for so long a hanging transaction may hold its consumers back [AK]. */
    maxTransactionTimeoutMs: 3_600_000,
    /** MSK's default: a pause of the garbage collector must not take a replica out [BP]. */
    minReplicaLagTimeMs: 30_000,
    /** A second is enough for members that start together; the default is 3 [AK]. */
    minInitialRebalanceDelayMs: 1_000,
    /** A week, Kafka's default: less forgets groups that pause over a holiday [AK]. */
    minOffsetsRetentionMinutes: 10_080,
    /** socket.request.max.bytes must hold the largest message and its envelope. */
    requestPerMessage: 1.1,
  },
} as const;
