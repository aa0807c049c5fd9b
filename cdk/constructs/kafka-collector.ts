// The half that stands inside the cluster's VPC: it reaches the brokers and nothing else, and needs no NAT gateway or endpoint.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MskAuth } from '../../lib/collect/msk/bootstrap.ts';
import { type AuthSecret, collectorStatements } from './statements.ts';

export interface KafkaCollectorProps {
  readonly clusterArns: readonly string[];
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Groups to run in; empty makes one whose only way out is to the brokers. */
  readonly securityGroupIds: readonly string[];
  readonly brokerSecurityGroupId: string;
  readonly ports: readonly number[];
  readonly auth: MskAuth;
  /** Credentials for `scram` and `mtls`. The report function reads them and hands them on: from here no AWS API answers. */
  readonly secretArn?: string | undefined;
  /** The key of the secret, where it is not the one of Secrets Manager. */
  readonly secretKeyArn?: string | undefined;
  /** Adds the ingress rule to the brokers' own group; many owners do not want that from another stack. */
  readonly manageBrokerIngress: boolean;
  /** Lets the collector read records' batches, of which it keeps the headers only; denied to it otherwise. */
  readonly readData: boolean;
  /** The prebuilt bundle of functions/collect-kafka.ts. */
  readonly code: lambda.Code;
}

export class KafkaCollector extends Construct {
  readonly collectorFunction: lambda.Function;
  readonly collectorRole: iam.Role;
  readonly auth: MskAuth;
  readonly authSecret: AuthSecret | undefined;
  /** Commands that let the collector in, one a port; empty when this stack does it. */
  readonly ingressCommands: readonly string[];

  constructor(scope: Construct, id: string, props: KafkaCollectorProps) {
    super(scope, id);
    const { secretArn, secretKeyArn } = props;
    this.auth = props.auth;
    this.authSecret = secretArn === undefined ? undefined : { arn: secretArn, keyArn: secretKeyArn };
    const groups = this.#securityGroups(props);
    this.collectorRole = new iam.Role(this, 'CollectorRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this.collectorFunction = this.#collectorFunction(props, groups);
    this.ingressCommands = props.manageBrokerIngress ? [] : ingressCommands(props, groups);
  }

  #securityGroups(props: KafkaCollectorProps): ec2.ISecurityGroup[] {
    const brokers = ec2.SecurityGroup.fromSecurityGroupId(this, 'BrokerGroup', props.brokerSecurityGroupId);
    const groups =
      props.securityGroupIds.length > 0
        ? props.securityGroupIds.map((groupId, i) =>
            ec2.SecurityGroup.fromSecurityGroupId(this, `Group${i}`, groupId, { mutable: false }),
          )
        : [this.#ownGroup(props)];
    for (const port of props.ports) {
      for (const group of groups) {
        // `remoteRule` would add the other side as well: that is the owner's decision.
        group.addEgressRule(
          ec2.Peer.securityGroupId(props.brokerSecurityGroupId),
          ec2.Port.tcp(port),
          'to the brokers',
        );
        if (props.manageBrokerIngress) {
          brokers.addIngressRule(ec2.Peer.securityGroupId(group.securityGroupId), ec2.Port.tcp(port), 'MSK Checkup');
        }
      }
    }
    return groups;
  }

  #ownGroup(props: KafkaCollectorProps): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, 'CollectorGroup', {
      vpc: this.#vpc(props),
      description: 'MSK Checkup Kafka collector: out to the brokers only',
      allowAllOutbound: false,
    });
  }

  /** Nothing is looked up: the file names what exists, so that synth works offline. */
  #vpc(props: KafkaCollectorProps): ec2.IVpc {
    const known = this.node.tryFindChild('Vpc') as ec2.IVpc | undefined;
    return known ?? ec2.Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: props.vpcId, availabilityZones: ['not-used'] });
  }

  #collectorFunction(props: KafkaCollectorProps, securityGroups: ec2.ISecurityGroup[]): lambda.Function {
    const logGroup = new logs.LogGroup(this, 'CollectorLog', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(this.collectorRole);
    const statements = collectorStatements(props.clusterArns, { readData: props.readData });
    for (const statement of statements) this.collectorRole.addToPolicy(statement);
    return new lambda.Function(this, 'CollectorFunction', {
      description: 'MSK Checkup: reads one cluster by the Kafka protocol, inside its VPC',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      memorySize: 512,
      // Three looks at the offsets, a minute apart, in one invocation.
      timeout: Duration.minutes(4),
      role: this.collectorRole,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      vpc: this.#vpc(props),
      vpcSubnets: {
        subnets: props.subnetIds.map((subnetId, i) => ec2.Subnet.fromSubnetId(this, `Subnet${i}`, subnetId)),
      },
      securityGroups,
    });
  }
}

function ingressCommands(props: KafkaCollectorProps, groups: readonly ec2.ISecurityGroup[]): string[] {
  return props.ports.flatMap((port) =>
    groups.map(
      (group) =>
        `aws ec2 authorize-security-group-ingress --group-id ${props.brokerSecurityGroupId} --protocol tcp --port ${port} --source-group ${group.securityGroupId}`,
    ),
  );
}
