// Every check: how the sandbox brings its condition about and takes it back, or why no real cluster of the sandbox can be put into it.
// The conditions themselves are in live-checks-*.ts, and docs/live-checks.md is this table.

/** The looks of live-checks.test.ts in which checks have to fire. */
export const SCENARIOS = {
  exposed: 'the account says what nobody should let it say',
  lavish: 'the account says that everything was bought',
  careless: 'topics, groups, brokers and clients as nobody should have them',
  loaded: 'one broker works as hard as it can',
  slowed: 'the same for hours, against the composed weeks before',
  lost: 'a broker and the controller are killed, and a heap fills',
} as const;
export type Scenario = keyof typeof SCENARIOS;

export type LiveCheck =
  /** `resource` is named by a finding: in full, or as its first part (`group/topic`). */
  | { in: Scenario; resource: string; how: string }
  /** Another test of this folder fires and clears it. */
  | { file: string; how: string }
  | { cannot: string };

const CLUSTER = 'msk-checkup-sandbox';
const FAULTS = 'faults.test.ts';

/** In report order. */
export const LIVE_CHECKS: Readonly<Record<string, LiveCheck>> = {
  'offline-partitions': { file: FAULTS, how: 'a broker is killed that alone holds partitions of a topic' },
  'controller-missing': { in: 'lost', resource: CLUSTER, how: 'the one controller is killed' },
  'broker-silent': { in: 'lost', resource: '3', how: 'a broker is killed, and its metrics have a gap' },
  'customer-action-required': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 demands an action' },
  'partitions-under-min-isr': {
    in: 'lost',
    resource: 'pair',
    how: 'a topic with two replicas that asks for both loses one of them',
  },
  'partitions-under-replicated': { file: FAULTS, how: 'a broker is killed' },
  'replication-factor-low': {
    in: 'careless',
    resource: 'single-copy',
    how: 'a topic with one replica, which then gets two more',
  },
  'min-isr-equal-rf': { file: FAULTS, how: 'a topic asks for all of its three replicas' },
  'internal-topics-fragile': {
    in: 'careless',
    resource: 'connect-offsets',
    how: 'a topic of Kafka Connect with one replica',
  },
  'replicas-same-az': { in: 'careless', resource: 'one-zone', how: 'both replicas on brokers that name one rack' },
  'unclean-election-enabled': { in: 'careless', resource: 'elects-anybody', how: 'a setting of a topic' },
  'min-isr-low': { in: 'careless', resource: 'one-in-sync', how: 'a setting of a topic' },
  'records-lost-to-retention': { file: FAULTS, how: 'records that a group has not read yet are deleted' },
  'retention-risk': {
    in: 'careless',
    resource: 'risky-reader/risky',
    how: 'a group far behind on a log whose start moved',
  },
  'consumer-stalled': { file: FAULTS, how: 'members that keep their partitions and commit nothing' },
  'consumer-stopped': { in: 'careless', resource: 'left-behind', how: 'a group without members, with records waiting' },
  'lag-growing': { in: 'careless', resource: 'slow-reader', how: 'a member that reads slower than producers write' },
  'time-lag-over-target': {
    in: 'careless',
    resource: 'left-behind/waiting',
    how: 'records of eight days ago that nobody has read',
  },
  'transaction-hanging': {
    in: 'careless',
    resource: 'transactions-0',
    how: 'a transaction that stays open, whose only record is three hours old',
  },
  'catch-up-capacity-low': {
    in: 'careless',
    resource: 'slow-reader/slow',
    how: 'a backlog that is read slower than it grows; then one that is worked off',
  },
  'lag-concentrated': {
    in: 'careless',
    resource: 'one-late/late',
    how: 'a member that takes its time over one partition of six',
  },
  'rebalances-frequent': {
    in: 'careless',
    resource: 'endless',
    how: 'a member that joins while another one never comes back from its batch',
  },
  'offset-rewound': { in: 'careless', resource: 'rewinder', how: 'offsets that are committed back between two looks' },
  'dead-letter-growing': {
    in: 'careless',
    resource: 'checkout-dlq',
    how: 'records into a topic of dead letters that nobody reads',
  },
  'assignment-uneven': {
    in: 'careless',
    resource: 'lopsided',
    how: 'an assignor that gives everything to one of four members',
  },
  'assignor-eager': { in: 'careless', resource: 'lopsided', how: 'four members with range on 270 partitions' },
  'members-idle': { in: 'careless', resource: 'crowd', how: 'five members for one partition' },
  'group-invisible': { in: 'careless', resource: 'named:badly', how: 'a group with a colon in its name' },
  'group-abandoned': { in: 'careless', resource: 'left-behind', how: 'records of eight days ago that nobody has read' },
  'groups-too-many': { in: 'careless', resource: CLUSTER, how: '301 groups that commit on three brokers' },
  'disk-used-high': { file: FAULTS, how: 'real bytes up to 90 % of a small declared volume' },
  'disk-full-forecast': {
    cannot: 'It takes a week of a volume that fills up; the sandbox lives for minutes and composes the weeks before.',
  },
  'retention-unbounded': { in: 'careless', resource: 'kept-for-ever', how: 'a setting of a topic' },
  'tiering-misconfigured': {
    cannot: 'Topics cannot be tiered where the brokers have no tier, and the sandbox has none.',
  },
  'cpu-high': {
    in: 'loaded',
    resource: '1',
    how: 'a broker that packs whatever it is sent with gzip at level 9, limit lowered to 18 %',
  },
  'failure-headroom-low': { in: 'loaded', resource: '1', how: 'the same load, limit lowered to 27 %' },
  'clients-throttled': {
    in: 'careless',
    resource: CLUSTER,
    how: 'a quota of 1 KiB/s for a client that sends eight times as much',
  },
  'throughput-near-limit': { in: 'loaded', resource: '1', how: 'the same load, limit lowered to 3 %' },
  'ebs-throughput-near-limit': {
    cannot: 'Volumes of EBS alone publish what they read and write, and the sandbox has none.',
  },
  'iam-connections-near-limit': {
    cannot:
      'The brokers’ exporters do not tell connections with IAM from others, and 2,400 of them are out of reach of one machine.',
  },
  'cpu-credits-low': { cannot: 'CPU credits exist on t3 instances of EC2 alone.' },
  'request-handlers-saturated': { in: 'loaded', resource: '1', how: 'the same load, limit lowered to 30 %' },
  'flush-forced': { in: 'careless', resource: 'flushed', how: 'a setting of a topic' },
  'heap-after-gc-high': {
    in: 'lost',
    resource: '1',
    how: 'a dedupe buffer of the log cleaner that takes more than half of the heap',
  },
  'traffic-shaped': { cannot: 'Packets are shaped by the network of EC2 alone.' },
  'produce-latency-high': { in: 'slowed', resource: '1', how: 'the same load' },
  'fetch-latency-high': { in: 'slowed', resource: CLUSTER, how: 'the same load' },
  'latency-regressed': { in: 'slowed', resource: CLUSTER, how: 'the same load, against composed weeks' },
  'broker-slow': { in: 'slowed', resource: '1', how: 'the same load, against composed weeks' },
  'network-threads-saturated': {
    cannot:
      'Brokers and clients share one machine: whoever keeps network threads busy takes their cores from them first, and the figure is as high in the minute after every start.',
  },
  'request-errors': { in: 'careless', resource: CLUSTER, how: 'records from tomorrow, which the brokers refuse' },
  'network-errors': { cannot: 'Errors are counted at the interfaces of EC2; 127.0.0.1 has none.' },
  'message-conversions': {
    cannot:
      'Kafka 4 converts nothing, and no client of the test speaks the message format of before 0.11 to an older one.',
  },
  'traffic-anomalous': {
    in: 'careless',
    resource: CLUSTER,
    how: 'traffic that the composed weeks before did not have',
  },
  'ebs-burst-depleting': { cannot: 'Burst credit exists on volumes of EBS alone.' },
  'memory-pressure': {
    cannot: 'Memory and swap are those of the one machine, and its limit of open files is a million.',
  },
  'connection-churn-high': {
    in: 'careless',
    resource: '1',
    how: 'a client that opens a connection and closes it, again and again',
  },
  'storage-autoscaling-absent': {
    in: 'exposed',
    resource: CLUSTER,
    how: 'an account without a scaling target, for volumes whose composed weeks grow',
  },
  'quota-near': { in: 'exposed', resource: CLUSTER, how: 'quotas of the account that allow three brokers' },
  'page-cache-short': { cannot: 'Reads from disk are published by volumes of EBS alone.' },
  'express-storage-growing': {
    cannot: 'Express brokers exist at AWS alone, and so does the storage that they publish.',
  },
  'maintenance-unready': {
    in: 'careless',
    resource: CLUSTER,
    how: 'topics with one replica, and with as many as they ask for',
  },
  'version-unsupported': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 says Kafka 3.5.1' },
  'instance-burstable-in-production': {
    in: 'exposed',
    resource: CLUSTER,
    how: 'DescribeClusterV2 says kafka.t3.small',
  },
  'access-unauthenticated': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 says so' },
  'cluster-public': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 says so' },
  'transit-plaintext': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 says so' },
  'acl-default-open': {
    in: 'exposed',
    resource: CLUSTER,
    how: 'SASL/SCRAM is on, and the configuration leaves the default',
  },
  'alarms-missing': {
    in: 'careless',
    resource: CLUSTER,
    how: 'an account without alarms; then the alarms that the report’s own commands make',
  },
  'monitoring-level-low': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 says DEFAULT' },
  'broker-logs-off': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 says so' },
  'broker-traffic-skewed': {
    in: 'careless',
    resource: '1',
    how: 'one broker leads the busiest topic, from 50 kB/s a broker on',
  },
  'partitions-per-broker-high': {
    in: 'exposed',
    resource: '1',
    how: 'more than 300 real replicas on brokers that say kafka.t3.small',
  },
  'leaders-skewed': { file: FAULTS, how: 'another order of replicas, and an election of the preferred ones' },
  'leaders-not-preferred': {
    in: 'careless',
    resource: 'auto.leader.rebalance.enable',
    how: 'brokers that start with it off',
  },
  'partition-hot': {
    in: 'careless',
    resource: 'hot-keys-0',
    how: 'one partition of nine takes six of seven records, from 100/s on',
  },
  'topic-underpartitioned': {
    in: 'careless',
    resource: 'one-lane',
    how: 'one partition takes most of all traffic, from 100 kB/s on',
  },
  'topic-overpartitioned': { in: 'careless', resource: 'wide', how: '270 partitions with next to no traffic' },
  'partition-oversized': {
    in: 'careless',
    resource: 'archive',
    how: 'a partition of 10 MiB, limits lowered to 2 and 4 MiB',
  },
  'reassignment-lingering': { in: 'careless', resource: 'throttle-left', how: 'a throttle that is left on a topic' },
  'rebalancing-paused': { cannot: 'Intelligent rebalancing is part of Express brokers, which exist at AWS alone.' },
  'defaults-unsafe': {
    in: 'careless',
    resource: 'default.replication.factor',
    how: 'brokers that start with default.replication.factor=1',
  },
  'topics-auto-created': { in: 'careless', resource: CLUSTER, how: 'brokers that start with it on' },
  'message-size-chain-broken': {
    in: 'careless',
    resource: 'large-batches',
    how: 'a topic that takes batches of 20 MiB',
  },
  'config-not-applied': { in: 'careless', resource: 'num.replica.fetchers', how: 'a dynamic setting of one broker' },
  'io-threads-low': {
    in: 'loaded',
    resource: '1',
    how: 'the same load on brokers that say kafka.m7g.4xlarge, with four threads; limit lowered to 30 %',
  },
  'replica-fetchers-low': { in: 'lavish', resource: CLUSTER, how: 'provisioned storage throughput, and one fetcher' },
  'broker-recompression': { in: 'loaded', resource: 'packed', how: 'the same load, limit lowered to 18 % CPU' },
  'transactional-id-expiry-long': { in: 'lost', resource: '1', how: 'the same buffer, while a transaction is open' },
  'network-threads-unpaired': {
    in: 'careless',
    resource: CLUSTER,
    how: 'two of each; then brokers that start with four request handlers',
  },
  'socket-buffers-odd': { in: 'careless', resource: 'socket.send.buffer.bytes', how: 'brokers that start with 8 MiB' },
  'batches-small': { in: 'careless', resource: 'tiny', how: 'batches of one record, from 150/s on' },
  'traffic-uncompressed': { in: 'careless', resource: 'one-lane', how: 'a producer without a codec, from 150 kB/s on' },
  'acks-weak': {
    in: 'careless',
    resource: 'one-lane',
    how: 'a producer with acks=1, limit raised to 1 ms on a shared machine',
  },
  'producers-not-idempotent': { in: 'careless', resource: 'one-lane', how: 'a producer without an id' },
  'retention-too-short': {
    in: 'careless',
    resource: 'soon-gone',
    how: 'a topic that keeps ten minutes, and a group that reads it',
  },
  'timestamps-untrusted': { in: 'careless', resource: 'future', how: 'records that are half an hour ahead' },
  'retention-overlong': {
    in: 'careless',
    resource: 'archive',
    how: 'a large topic that keeps 30 days, and a group at its end',
  },
  'tiering-candidate': { in: 'careless', resource: CLUSTER, how: 'records of ten days ago, limit lowered to 2 MiB' },
  'segment-mismatched': {
    in: 'careless',
    resource: 'soon-gone',
    how: 'segments of seven days in a topic that keeps ten minutes',
  },
  'compaction-ineffective': { in: 'careless', resource: 'never-clean', how: 'a setting of a topic' },
  'topic-config-drift': { in: 'careless', resource: 'shop-users', how: 'a setting of one topic of four' },
  'metadata-zookeeper': { in: 'exposed', resource: CLUSTER, how: 'DescribeClusterV2 names ZooKeeper' },
  'key-aws-managed': { in: 'exposed', resource: CLUSTER, how: 'a tag of the cluster, and a key of AWS' },
  'brokers-oversized': {
    in: 'lavish',
    resource: CLUSTER,
    how: 'DescribeClusterV2 says kafka.m5.12xlarge; the weeks before are composed',
  },
  'rack-selector-missing': {
    in: 'careless',
    resource: CLUSTER,
    how: 'brokers without it; then brokers that start with it; limit lowered to $0.15',
  },
  'readers-cross-az': { in: 'careless', resource: CLUSTER, how: 'members without client.rack, limit lowered to $0.15' },
  'topics-unused': {
    in: 'careless',
    resource: 'emptied',
    how: 'a topic that the broker’s own retention of 35 days has emptied',
  },
  'provisioned-throughput-unused': {
    in: 'lavish',
    resource: CLUSTER,
    how: 'DescribeClusterV2 says so; the weeks before are composed',
  },
  'fetches-inefficient': {
    in: 'careless',
    resource: '2',
    how: 'a consumer that waits for 5 ms at most, from 10 fetches a second on',
  },
  'clients-outdated': {
    cannot:
      'Its sign are conversions, which Kafka 4 does not know, and no client of the test is old enough for an older one.',
  },
  'commits-excessive': { in: 'careless', resource: '__consumer_offsets', how: '270 offsets committed twice a second' },
  'cluster-type-costlier': {
    cannot: 'A cluster of minutes has next to no load: smaller brokers in place always cost less than another type.',
  },
  'codec-heavy': { in: 'careless', resource: 'tiny', how: 'a producer with gzip, limit lowered to 5 % of the bytes' },
  'ebs-oversized': {
    in: 'lavish',
    resource: CLUSTER,
    how: 'volumes of 8,000 GiB as declared; the weeks before are composed',
  },
  'graviton-available': { in: 'lavish', resource: CLUSTER, how: 'DescribeClusterV2 says kafka.m5.12xlarge' },
  'monitoring-overpaid': {
    in: 'careless',
    resource: CLUSTER,
    how: 'DescribeClusterV2 says PER_TOPIC_PER_PARTITION, over real topics',
  },
};
