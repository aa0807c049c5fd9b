import type { MskState } from './state.ts';
import { mskVersion } from './versions.ts';

const DESCRIPTION = 'The sandbox cluster';

export function configuration(state: MskState): object {
  return {
    arn: state.identity.configurationArn,
    creationTime: state.createdAt.toISOString(),
    description: DESCRIPTION,
    kafkaVersions: [mskVersion(state.cluster.version)],
    latestRevision: revision(state),
    name: state.identity.name,
    state: 'ACTIVE',
  };
}

export function revision(state: MskState): object {
  return { creationTime: state.createdAt.toISOString(), description: DESCRIPTION, revision: 1 };
}

/** The brokers' own settings. Dynamic overrides are not in it, as with MSK: only Kafka's DescribeConfigs shows those. */
export function configurationRevision(state: MskState): object {
  const lines = Object.entries(state.serverProperties).map(([key, value]) => `${key}=${value}`);
  return {
    arn: state.identity.configurationArn,
    creationTime: state.createdAt.toISOString(),
    description: DESCRIPTION,
    revision: 1,
    serverProperties: Buffer.from(`${lines.join('\n')}\n`).toString('base64'),
  };
}
