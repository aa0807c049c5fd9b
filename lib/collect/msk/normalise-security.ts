// What DescribeClusterV2 says about who may come in, over what, and who writes it down.
import type { ConnectivityInfo, LoggingInfo, Provisioned, Cluster as SdkCluster } from '@aws-sdk/client-kafka';
import type { SectionValue } from '../../snapshot/schema.ts';

export type Security = SectionValue<'security'>;

/** Null wherever the answer does not say: an absent flag is not a flag that is off. The names of SCRAM secrets come from another call. */
export function normaliseSecurity(info: SdkCluster): Security {
  const detail = info.Provisioned;
  const group = detail?.BrokerNodeGroupInfo;
  return {
    authentication: authentication(info),
    encryption: encryption(detail),
    publicAccess: group?.ConnectivityInfo?.PublicAccess?.Type ?? null,
    vpcConnectivity: vpcConnectivity(group?.ConnectivityInfo),
    brokerLogs: brokerLogs(detail?.LoggingInfo),
    openMonitoring: {
      jmxExporter: detail?.OpenMonitoring?.Prometheus?.JmxExporter?.EnabledInBroker ?? null,
      nodeExporter: detail?.OpenMonitoring?.Prometheus?.NodeExporter?.EnabledInBroker ?? null,
    },
    scramSecretNames: null,
  };
}

function authentication({ Provisioned: provisioned, Serverless: serverless }: SdkCluster): Security['authentication'] {
  const told = provisioned?.ClientAuthentication;
  return {
    unauthenticated: told?.Unauthenticated?.Enabled ?? null,
    iam: (told ?? serverless?.ClientAuthentication)?.Sasl?.Iam?.Enabled ?? null,
    scram: told?.Sasl?.Scram?.Enabled ?? null,
    tls: told?.Tls?.Enabled ?? null,
  };
}

function encryption(detail: Provisioned | undefined): Security['encryption'] {
  const { EncryptionInTransit: inTransit, EncryptionAtRest: atRest } = detail?.EncryptionInfo ?? {};
  return {
    clientBroker: inTransit?.ClientBroker ?? null,
    inCluster: inTransit?.InCluster ?? null,
    atRestKeyArn: atRest?.DataVolumeKMSKeyId || null,
  };
}

function vpcConnectivity(connectivity: ConnectivityInfo | undefined): Security['vpcConnectivity'] {
  const told = connectivity?.VpcConnectivity?.ClientAuthentication;
  return {
    iam: told?.Sasl?.Iam?.Enabled ?? null,
    scram: told?.Sasl?.Scram?.Enabled ?? null,
    tls: told?.Tls?.Enabled ?? null,
  };
}

function brokerLogs(logging: LoggingInfo | undefined): Security['brokerLogs'] {
  const told = logging?.BrokerLogs;
  return {
    cloudWatch: told?.CloudWatchLogs?.Enabled ?? null,
    firehose: told?.Firehose?.Enabled ?? null,
    s3: told?.S3?.Enabled ?? null,
  };
}

/**
 * The name of a secret from its ARN, which ends in six random characters that are no part of the name.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
export function secretNameOf(arn: string): string {
  const name = arn.split(':').slice(6).join(':') || arn;
  return name.replace(/-[A-Za-z0-9]{6}$/, '');
}
