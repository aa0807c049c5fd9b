// Healthy answers of AWS on the wire, of one small cluster. The names of MSK's fields begin in lower case there.
import type { AnsweredCall } from './aws-front.ts';
import { ARN, CONFIGURATION_ARN } from './msk/an-answer.ts';
import { aProduct } from './prices/a-product.ts';

const REGION = 'us-east-1';
const TODAY_MS = Date.now();

/** Without tags, so that they are asked for. */
export function clusterOnTheWire() {
  return {
    clusterType: 'PROVISIONED',
    clusterArn: ARN.arn,
    clusterName: ARN.name,
    creationTime: '2026-01-02T03:04:05Z',
    currentVersion: 'K3P5ROKL5A1OLE',
    state: 'ACTIVE',
    provisioned: {
      brokerNodeGroupInfo: {
        clientSubnets: ['subnet-a', 'subnet-b', 'subnet-c'],
        instanceType: 'kafka.m7g.large',
        storageInfo: { ebsStorageInfo: { volumeSize: 500 } },
      },
      currentBrokerSoftwareInfo: {
        configurationArn: CONFIGURATION_ARN,
        configurationRevision: 4,
        kafkaVersion: '3.9.x.kraft',
      },
      clientAuthentication: { sasl: { scram: { enabled: true }, iam: { enabled: true } } },
      enhancedMonitoring: 'PER_BROKER',
      numberOfBrokerNodes: 3,
    },
  };
}

export function node(brokerId: number) {
  return {
    instanceType: 'm7g.large',
    nodeType: 'BROKER',
    brokerNodeInfo: { brokerId, clientSubnet: `subnet-${brokerId}`, endpoints: [`b-${brokerId}.x`] },
  };
}

export function update(day: number) {
  return {
    operationArn: `arn:aws:kafka:us-east-1:${ARN.accountId}:cluster-operation/orders/x/${day}`,
    operationType: 'UPDATE_BROKER_COUNT',
    operationState: 'UPDATE_COMPLETE',
    startTime: new Date(TODAY_MS - (10 - day) * 86_400_000).toISOString(),
  };
}

export function version(name: string) {
  return { version: name, status: 'ACTIVE' };
}

export function secret(name: string): string {
  return `arn:aws:secretsmanager:us-east-1:${ARN.accountId}:secret:AmazonMSK_${name}-AbCdEf`;
}

export function topic(topicName: string) {
  return { topicName, replicationFactor: 3, partitionCount: 2, outOfSyncReplicaCount: 0 };
}

export function partition(index: number) {
  return { partition: index, leader: 1, replicas: [1, 2, 3], isr: [1, 2, 3] };
}

export function alarm(AlarmName: string) {
  const Dimensions = [{ Name: 'Cluster Name', Value: ARN.name }];
  return { AlarmName, Namespace: 'AWS/Kafka', MetricName: 'ActiveControllerCount', Dimensions, StateValue: 'OK' };
}

export function quota(QuotaCode: string, Value: number) {
  return { QuotaCode, QuotaName: QuotaCode, Value, Adjustable: true };
}

export function connector(connectorName: string) {
  const kafkaCluster = { apacheKafkaCluster: { bootstrapServers: 'b-1.x:9098' } };
  return { connectorName, kafkaCluster, capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } } };
}

/** The zone of every subnet that was asked for. */
export function subnets({ form }: AnsweredCall) {
  const ids = [...form].filter(([name]) => /Value\.\d+$/.test(name)).map(([, id]) => id);
  const items = ids.map(
    (id, i) => `<item><subnetId>${id}</subnetId><availabilityZoneId>use1-az${i + 1}</availabilityZoneId></item>`,
  );
  return {
    xml: `<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><subnetSet>${items.join('')}</subnetSet></DescribeSubnetsResponse>`,
  };
}

/** One price of MSK, and none of the other services. */
export function products({ input }: AnsweredCall) {
  if (input.ServiceCode !== 'AmazonMSK') return { PriceList: [] };
  const product = aProduct({ usagetype: 'USE1-Kafka.m7g.large', attributes: { regionCode: REGION } });
  return { PriceList: [JSON.stringify(product)] };
}

interface WireQuery {
  Id: string;
  /** Absent from a query that ranks or computes. */
  MetricStat?: { Metric: { MetricName: string } };
}

export function queriesOf({ input }: AnsweredCall): WireQuery[] {
  return input.MetricDataQueries as WireQuery[];
}

/** One point for each query, at the start of what was asked for. */
export function metricData(call: AnsweredCall): { MetricDataResults: { Id: string; StatusCode: string }[] } {
  const point = { Timestamps: [call.input.StartTime], Values: [1], StatusCode: 'Complete' };
  return { MetricDataResults: queriesOf(call).map(({ Id }) => ({ Id, ...point })) };
}
