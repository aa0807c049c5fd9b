import type { ServiceHandler } from '../front.ts';
import { AwsError, sendJson } from '../http.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';
import { bootstrapBrokers, clusterInfo, nodes } from './cluster-answers.ts';
import { configuration, configurationRevision, revision } from './configuration-answers.ts';
import { listOperations, oneOperation } from './operation-answers.ts';
import { page } from './paging.ts';
import type { MskState } from './state.ts';
import { describeTopic, describeTopicPartitions, listTopics } from './topic-answers.ts';
import { MSK_VERSIONS, mskVersion, upgradeTargets } from './versions.ts';

type Answer = (state: MskState, parts: string[], url: URL) => object | Promise<object>;

interface Route {
  operation: string;
  path: RegExp;
  answer: Answer;
}

/** ARNs reach the server percent-encoded, so a part never holds a slash. */
function route(operation: string, path: string, answer: Answer): Route {
  return { operation, path: new RegExp(`^${path.replaceAll('*', '([^/]+)')}/?$`), answer };
}

/** Those answers name a cluster in their first part; another cluster's ARN is refused before they run. */
function ofCluster(operation: string, path: string, answer: Answer): Route {
  return route(operation, path, (state, parts, url) => {
    requireCluster(state, parts[0] ?? '');
    return answer(state, parts, url);
  });
}

function list<T>(key: string, items: readonly T[], url: URL): object {
  const { items: some, nextToken } = page(items, url);
  return { [key]: some, ...(nextToken === undefined ? {} : { nextToken }) };
}

const ROUTES: readonly Route[] = [
  route('ListClustersV2', '/api/v2/clusters', (state, _parts, url) =>
    list('clusterInfoList', matching(state, url), url),
  ),
  ofCluster('DescribeClusterV2', '/api/v2/clusters/*', (state) => ({ clusterInfo: clusterInfo(state) })),
  ofCluster('ListClusterOperationsV2', '/api/v2/clusters/*/operations', (state, _parts, url) =>
    list('clusterOperationInfoList', listOperations(state), url),
  ),
  route('DescribeClusterOperationV2', '/api/v2/operations/*', (state, [arn = '']) => ({
    clusterOperationInfo: oneOperation(state, arn),
  })),
  ofCluster('ListNodes', '/v1/clusters/*/nodes', (state, _parts, url) => list('nodeInfoList', nodes(state), url)),
  ofCluster('GetBootstrapBrokers', '/v1/clusters/*/bootstrap-brokers', (state) => bootstrapBrokers(state)),
  ofCluster('ListTopics', '/v1/clusters/*/topics', async (state, _parts, url) =>
    list('topics', await listTopics(state, url.searchParams.get('topicNameFilter')), url),
  ),
  ofCluster('DescribeTopic', '/v1/clusters/*/topics/*', (state, [, topic = '']) => describeTopic(state, topic)),
  ofCluster('DescribeTopicPartitions', '/v1/clusters/*/topics/*/partitions', async (state, [, topic = ''], url) =>
    list('partitions', await describeTopicPartitions(state, topic), url),
  ),
  ofCluster('ListScramSecrets', '/v1/clusters/*/scram-secrets', (_state, _parts, url) =>
    list('secretArnList', [], url),
  ),
  ofCluster('ListClientVpcConnections', '/v1/clusters/*/client-vpc-connections', (_state, _parts, url) =>
    list('clientVpcConnections', [], url),
  ),
  ofCluster('GetClusterPolicy', '/v1/clusters/*/policy', () => {
    throw new AwsError('NotFoundException', 'The cluster does not have a policy attached to it.', 404);
  }),
  ofCluster('ListTagsForResource', '/v1/tags/*', (state) => ({ tags: state.tags })),
  route('ListConfigurations', '/v1/configurations', (state, _parts, url) =>
    list('configurations', [configuration(state)], url),
  ),
  route('DescribeConfiguration', '/v1/configurations/*', (state, [arn = '']) => {
    requireConfiguration(state, arn);
    return configuration(state);
  }),
  route('ListConfigurationRevisions', '/v1/configurations/*/revisions', (state, [arn = ''], url) => {
    requireConfiguration(state, arn);
    return list('revisions', [revision(state)], url);
  }),
  route('DescribeConfigurationRevision', '/v1/configurations/*/revisions/*', (state, [arn = '', number]) => {
    requireConfiguration(state, arn);
    if (number !== '1') throw new AwsError('NotFoundException', 'Configuration revision does not exist.', 404);
    return configurationRevision(state);
  }),
  route('ListKafkaVersions', '/v1/kafka-versions', (_state, _parts, url) => list('kafkaVersions', MSK_VERSIONS, url)),
  route('GetCompatibleKafkaVersions', '/v1/compatible-kafka-versions', compatibleVersions),
  route('ListReplicators', '/replication/v1/replicators', (_state, _parts, url) => list('replicators', [], url)),
];

/** The operation that a REST call of the MSK API stands for. */
export function mskOperation(method: string, url: URL): string {
  const found = method === 'GET' ? ROUTES.find(({ path }) => path.test(url.pathname)) : undefined;
  return found?.operation ?? `${method} ${url.pathname}`;
}

export function mskHandler(state: MskState): ServiceHandler {
  return async ({ request, response, url }) => {
    for (const { path, answer } of request.method === 'GET' ? ROUTES : []) {
      const parts = path.exec(url.pathname)?.slice(1).map(decodeURIComponent);
      if (parts === undefined) continue;
      sendJson(response, 200, await answer(state, parts, url));
      return true;
    }
    // moto must not answer for MSK: its shapes are wrong enough to break the SDK. The product only reads, and so does this.
    throw new AwsError('ForbiddenException', `${request.method} ${url.pathname} is not part of the sandbox's MSK`, 403);
  };
}

function matching(state: MskState, url: URL): object[] {
  const name = url.searchParams.get('clusterNameFilter');
  const type = url.searchParams.get('clusterTypeFilter');
  const fits = (name === null || state.identity.name.startsWith(name)) && (type === null || type === 'PROVISIONED');
  return fits ? [clusterInfo(state)] : [];
}

function compatibleVersions(state: MskState, _parts: string[], url: URL): object {
  const arn = url.searchParams.get('clusterArn');
  if (arn !== null) requireCluster(state, arn);
  const sources = arn === null ? MSK_VERSIONS.map(({ version }) => version) : [mskVersion(state.cluster.version)];
  return {
    compatibleKafkaVersions: sources
      .map((sourceVersion) => ({ sourceVersion, targetVersions: upgradeTargets(sourceVersion) }))
      .filter(({ targetVersions }) => arn !== null || targetVersions.length > 0),
  };
}

const CLUSTER_ARN = /^arn:aws[a-z-]*:kafka:([a-z0-9-]+):(\d{12}):cluster\/[^/]+\/[0-9a-f-]+-s?\d+$/;

function requireCluster(state: MskState, arn: string): void {
  if (arn === state.identity.arn) return;
  const match = CLUSTER_ARN.exec(arn);
  if (match === null) {
    throw invalid('clusterArn');
  }
  const [, region, account] = match;
  if (region !== AWS_REGION || account !== AWS_ACCOUNT) {
    const user = `User: arn:aws:sts::${AWS_ACCOUNT}:assumed-role/sandbox/reporter`;
    throw new AwsError('ForbiddenException', `${user} is not authorized to access ${arn}`, 403);
  }
  throw new AwsError('NotFoundException', 'The requested resource does not exist.', 404);
}

function invalid(parameter: string): AwsError {
  return new AwsError('BadRequestException', 'One or more of the parameters are not valid.', 400, {
    invalidParameter: parameter,
  });
}

function requireConfiguration(state: MskState, arn: string): void {
  if (arn === state.identity.configurationArn) return;
  if (!/^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:configuration\//.test(arn)) {
    throw invalid('arn');
  }
  throw new AwsError('NotFoundException', 'Configuration ARN does not exist.', 404);
}
