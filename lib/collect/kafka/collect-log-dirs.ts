import { type Collected, missing, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterSession } from './cluster-session.ts';
import { countErrors, counted, partialLine, refusal, silentBrokers } from './partial-line.ts';
import { describeLogDirs, type LogDir } from './protocol/describe-log-dirs.ts';
import { errorName } from './protocol/error-names.ts';

type LogDirs = SectionValue<'kafkaLogDirs'>;

const FIX = 'allow Describe on the cluster (MSK IAM: kafka-cluster:DescribeCluster)';

/** Sizes of all replicas and the room on the volumes, one request to each broker. */
export async function readLogDirs(session: ClusterSession): Promise<Collected<LogDirs>> {
  const atMs = session.clock.now();
  const answers = await session.askEach(describeLogDirs, () => null);
  const fault = answers.find((given) => given.fault !== null)?.fault;
  if (fault && answers.every(({ answer }) => answer === null)) return fault.asMissing();
  const errors = answers.flatMap(({ answer }) => errorName(answer?.errorCode ?? 0) ?? []);
  const read = answers.flatMap(({ node, answer }) =>
    // Before version 3 a broker refuses by naming no directory at all; one that runs has at least one.
    answer !== null && answer.errorCode === 0 && answer.dirs.length > 0 ? [brokerDirs(node.id, answer.dirs)] : [],
  );
  const refused = answers.filter(({ answer }) => answer !== null).length - read.length;
  if (read.length === 0) {
    const what = `DescribeLogDirs was refused by ${counted(refused, 'broker')}`;
    return errors.length === 0
      ? missing('not-permitted', `${what}: no directory is named`, FIX)
      : refusal(errors, what, FIX);
  }
  const silent = silentBrokers(answers);
  const value = read.sort((a, b) => a.brokerId - b.brokerId);
  const why = errors.length > 0 ? `: ${countErrors(errors)}` : '';
  const offline = value.filter(({ dirs }) => dirs.some(({ error }) => error !== null)).map(({ brokerId }) => brokerId);
  return present(
    value,
    atMs,
    partialLine([
      refused > 0 && `log directories of ${counted(refused, 'broker')} not read${why}`,
      silent !== '' && `no answer from ${silent}`,
      offline.length > 0 &&
        `a log directory of broker ${offline.join(', ')} is offline, and what lies in it is not counted`,
    ]),
  );
}

function brokerDirs(brokerId: number, dirs: readonly LogDir[]): LogDirs[number] {
  const all = dirs.flatMap(({ topics }) =>
    topics.flatMap(({ topic, replicas }) => replicas.map((replica) => ({ topic, replica }))),
  );
  const byTopic = Map.groupBy(all, ({ topic }) => topic);
  const topics = [...byTopic]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, own]) => [
      topic,
      own
        .map(({ replica }) => replica)
        .sort((a, b) => a.partition - b.partition || Number(a.isFuture) - Number(b.isFuture)),
    ]);
  return {
    brokerId,
    dirs: dirs.map(({ errorCode, totalBytes, usableBytes }) => ({
      error: errorName(errorCode),
      totalBytes,
      usableBytes,
    })),
    topics: Object.fromEntries(topics),
  };
}
