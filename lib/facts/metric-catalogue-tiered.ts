// Metrics of tiered storage, by broker and by topic. Until Kafka 3.6 (MSK's 2.8.2.tiered) they had other names.
import { BROKER_TOPIC, check, evidence, ofPaidBroker, STANDARD } from './metric-rows.ts';

type More = NonNullable<Parameters<typeof ofPaidBroker>[4]>;

const TIERED = { kinds: STANDARD, condition: 'tiered' } as const;

/** Under its name before Kafka 3.6 on clusters older than that. */
function formerly(name: string): More {
  return { ...TIERED, otherNames: [{ name, before: '3.6' }] };
}

function byTopic(row: ReturnType<typeof ofPaidBroker>): ReturnType<typeof ofPaidBroker> {
  const { need: _need, readBy: _readBy, ...rest } = row;
  return { ...rest, dimensions: BROKER_TOPIC, level: 'PER_TOPIC_PER_BROKER' };
}

const copyBytes = ofPaidBroker(
  'RemoteCopyBytesPerSec',
  'Average',
  'Bytes/Second',
  'Bytes a second copied to the tier',
  {
    ...formerly('RemoteBytesOutPerSec'),
  },
);
const copyErrors = ofPaidBroker('RemoteCopyErrorsPerSec', 'Average', 'Count/Second', 'Failed writes to the tier', {
  ...formerly('RemoteWriteErrorPerSec'),
  ...check('tiering-misconfigured', 'request-errors'),
});
const fetchBytes = ofPaidBroker(
  'RemoteFetchBytesPerSec',
  'Average',
  'Bytes/Second',
  'Bytes a second read from the tier',
  {
    ...formerly('RemoteBytesInPerSec'),
    ...evidence('fetch-latency-high'),
  },
);
const fetchErrors = ofPaidBroker('RemoteFetchErrorsPerSec', 'Average', 'Count/Second', 'Failed reads from the tier', {
  ...formerly('RemoteReadErrorPerSec'),
  ...check('request-errors'),
});
const fetchRequests = ofPaidBroker('RemoteFetchRequestsPerSec', 'Average', 'Count/Second', 'Reads from the tier', {
  ...formerly('RemoteReadRequestsPerSec'),
});
const logSize = ofPaidBroker('RemoteLogSizeBytes', 'Maximum', 'Bytes', 'Bytes that lie in the tier', {
  ...TIERED,
  ...check('tiering-candidate', 'cluster-type-costlier'),
});

export const TIERED_METRICS = {
  remoteCopyLag: ofPaidBroker('RemoteCopyLagBytes', 'Maximum', 'Bytes', 'Bytes to be tiered and not copied yet', {
    ...formerly('TotalTierBytesLag'),
    ...check('tiering-misconfigured'),
  }),
  remoteCopyErrors: copyErrors,
  remoteFetchErrors: fetchErrors,
  remoteLogSize: logSize,
  remoteFetchBytes: fetchBytes,
  remoteCopyBytes: copyBytes,
  remoteFetchRequests: fetchRequests,
  remoteLogManagerIdle: ofPaidBroker(
    'RemoteLogManagerTasksAvgIdlePercent',
    'Average',
    'Percent',
    'Idle share of the remote log manager',
    { ...TIERED, scale: 'fraction-or-percent' },
  ),
  remoteLogReaderIdle: ofPaidBroker(
    'RemoteLogReaderAvgIdlePercent',
    'Average',
    'Percent',
    'Idle share of the remote log reader',
    { ...TIERED, scale: 'fraction-or-percent' },
  ),
  remoteLogReaderQueue: ofPaidBroker(
    'RemoteLogReaderTaskQueueSize',
    'Maximum',
    'Count',
    'Reads from the tier that wait',
    TIERED,
  ),
  topicRemoteCopyBytes: byTopic(copyBytes),
  topicRemoteCopyErrors: byTopic(copyErrors),
  topicRemoteFetchBytes: byTopic(fetchBytes),
  topicRemoteFetchErrors: byTopic(fetchErrors),
  topicRemoteFetchRequests: byTopic(fetchRequests),
  topicRemoteLogSize: byTopic(logSize),
} as const;
