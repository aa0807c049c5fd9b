// What MSK and the account say of the sandbox's cluster: settings of the emulated account, set wrong and set right.
import type { Report } from '../../lib/report/report.ts';
import { plainAccount } from '../../sandbox/aws/account/state.ts';
import type { SandboxAws } from '../../sandbox/aws/aws.ts';
import { type Described, GIB } from '../../sandbox/aws/msk/state.ts';
import { mskServerProperties } from '../../sandbox/kafka/settings.ts';

export interface AccountSetting {
  described: Described;
  tags: Record<string, string>;
  serverProperties: Readonly<Record<string, string>>;
  volumeGiB: number;
  quota: number | null;
  scalableTarget: boolean;
  alarms: object[];
}

const KEYS = 'arn:aws:kms:us-east-1:111122223333:alias/';
const REQUIRED = { 'cmk-required': 'true', Environment: 'production' };

function described(instanceType: string, enhancedMonitoring: string, more: Described = {}): Described {
  const { provisioned = {}, ...rest } = more;
  return {
    ...rest,
    provisioned: {
      enhancedMonitoring,
      ...(provisioned as Described),
      brokerNodeGroupInfo: { instanceType, ...((provisioned as Described).brokerNodeGroupInfo as Described) },
    },
  };
}

const logs = (enabled: boolean): Described => ({ brokerLogs: { cloudWatchLogs: { enabled } } });

/** As much as one cluster can say of itself that is wrong. */
export const EXPOSED: AccountSetting = {
  described: described('kafka.t3.small', 'DEFAULT', {
    provisioned: {
      customerActionStatus: 'CRITICAL_ACTION_REQUIRED',
      currentBrokerSoftwareInfo: { kafkaVersion: '3.5.1' },
      zookeeperConnectString: '127.0.0.1:2181',
      brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: 'SERVICE_PROVIDED_EIPS' } } },
      clientAuthentication: { sasl: { scram: { enabled: true } }, unauthenticated: { enabled: true } },
      encryptionInfo: {
        encryptionAtRest: { dataVolumeKMSKeyId: `${KEYS}aws/kafka` },
        encryptionInTransit: { clientBroker: 'TLS_PLAINTEXT', inCluster: false },
      },
      loggingInfo: logs(false),
    },
  }),
  tags: REQUIRED,
  serverProperties: mskServerProperties,
  volumeGiB: 100,
  quota: 3,
  scalableTarget: false,
  alarms: [],
};

export const WELL_KEPT: AccountSetting = {
  described: described('kafka.m7g.large', 'PER_BROKER', {
    provisioned: {
      clientAuthentication: {
        sasl: { scram: { enabled: true }, iam: { enabled: true } },
        unauthenticated: { enabled: false },
      },
      encryptionInfo: {
        encryptionAtRest: { dataVolumeKMSKeyId: `${KEYS}orders` },
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      },
      loggingInfo: logs(true),
    },
  }),
  tags: REQUIRED,
  serverProperties: { ...mskServerProperties, 'allow.everyone.if.no.acl.found': 'false' },
  volumeGiB: 100,
  quota: null,
  scalableTarget: true,
  alarms: [],
};

/** As the sandbox's one listener really is: MSK counts connections by the ways in that are open. */
export const OPEN: AccountSetting = {
  ...WELL_KEPT,
  described: {
    provisioned: {
      ...(WELL_KEPT.described.provisioned as Described),
      clientAuthentication: {
        sasl: { scram: { enabled: false }, iam: { enabled: false } },
        unauthenticated: { enabled: true },
      },
    },
  },
};

/** Everything that money buys, for a cluster that does next to nothing. */
export const LAVISH: AccountSetting = {
  ...WELL_KEPT,
  described: described('kafka.m5.12xlarge', 'PER_TOPIC_PER_PARTITION', {
    provisioned: {
      ...(WELL_KEPT.described.provisioned as Described),
      enhancedMonitoring: 'PER_TOPIC_PER_PARTITION',
      brokerNodeGroupInfo: {
        instanceType: 'kafka.m5.12xlarge',
        storageInfo: { ebsStorageInfo: { provisionedThroughput: { enabled: true, volumeThroughput: 1000 } } },
      },
    },
  }),
  volumeGiB: 8_000,
};

/** The same, with every metric that MSK sells. */
export const WATCHED: AccountSetting = {
  ...OPEN,
  described: {
    provisioned: { ...(OPEN.described.provisioned as Described), enhancedMonitoring: 'PER_TOPIC_PER_PARTITION' },
  },
};

/** Large brokers with the sandbox's few threads. */
export const UNTUNED: AccountSetting = {
  ...OPEN,
  described: {
    provisioned: {
      ...(OPEN.described.provisioned as Described),
      brokerNodeGroupInfo: { instanceType: 'kafka.m7g.4xlarge' },
    },
  },
};

/** The alarms that the report's own commands make. */
export function alarmsOf({ checks }: Report): object[] {
  const commands = checks.find(({ checkId }) => checkId === 'alarms-missing')?.recommendation?.commands ?? [];
  return commands.map(({ argv }) => {
    const option = (name: string): string | undefined => {
      const value = argv[argv.indexOf(`--${name}`) + 1];
      return argv.includes(`--${name}`) && typeof value === 'string' ? value : undefined;
    };
    const parsed = (name: string): unknown => JSON.parse(option(name) ?? 'null') ?? undefined;
    return {
      AlarmName: option('alarm-name'),
      Namespace: option('namespace'),
      MetricName: option('metric-name'),
      Dimensions: parsed('dimensions'),
      Metrics: parsed('metrics'),
      ComparisonOperator: option('comparison-operator'),
      Threshold: Number(option('threshold')),
      ActionsEnabled: true,
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:somebody-reads-it'],
      StateValue: 'OK',
    };
  });
}

export function setAccount(aws: SandboxAws, setting: AccountSetting): void {
  aws.describe(setting.described);
  aws.setTags(setting.tags);
  aws.setServerProperties(setting.serverProperties);
  aws.setDeclaredVolume(setting.volumeGiB * GIB);
  const { surroundings } = aws;
  Object.assign(surroundings, plainAccount(false));
  surroundings.alarms = setting.alarms;
  if (setting.quota !== null)
    for (const quota of surroundings.appliedQuotas)
      if (/brokers per/.test(quota.QuotaName)) quota.Value = setting.quota;
  if (!setting.scalableTarget) return;
  surroundings.scalableTargets = [{ MinCapacity: 1, MaxCapacity: 16_384 }];
  const metric = { PredefinedMetricType: 'KafkaBrokerStorageUtilization' };
  surroundings.scalingPolicies = [
    {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 60,
        DisableScaleIn: true,
        PredefinedMetricSpecification: metric,
      },
    },
  ];
}
