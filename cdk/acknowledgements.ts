// Findings of cdk-nag that stay, each by its own id with its reason; anything new fails the synth.
import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BUCKET_READ_PREFIXES } from '../lib/permissions.ts';
import type { KafkaCollector } from './constructs/kafka-collector.ts';
import type { MskCheckup } from './constructs/msk-checkup.ts';
import { clusterResources } from './constructs/statements.ts';

/** The prefixed form of an id keeps the finding in the validation report, with the reason; the bare form makes it vanish. */
function acknowledge(scope: IConstruct, finding: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-${finding}`, reason });
}

function arnOf(construct: IConstruct): string {
  return `<${Stack.of(construct).getLogicalId(construct.node.defaultChild as CfnElement)}.Arn>`;
}

export function acknowledgeCheckup(checkup: MskCheckup, clusterArns: readonly string[]): void {
  const { bucket, reportFunction, reportRole } = checkup;
  acknowledge(
    reportRole,
    'IAM5[Resource::*]',
    'calls that list or describe (addresses, metrics, alarms, quotas, scaling, prices) know no narrower resource; the rest is a Deny',
  );
  for (const prefix of BUCKET_READ_PREFIXES) {
    acknowledge(
      reportRole,
      `IAM5[Resource::${arnOf(bucket)}/${prefix}*]`,
      'objects of one prefix of the own bucket; their names hold cluster, day and run',
    );
  }
  for (const arn of clusterResources(clusterArns).configuration) {
    acknowledge(
      reportRole,
      `IAM5[Resource::${arn}]`,
      'which configuration a cluster uses changes with every update of it; read only',
    );
  }
  for (const arn of clusterResources(clusterArns).topic) {
    acknowledge(
      reportRole,
      `IAM5[Resource::${arn}]`,
      'the topic API of MSK asks for Describe on the topics it tells of',
    );
  }
  // One role for all schedules of the function, made by the target itself.
  for (const child of Stack.of(checkup).node.children.filter(({ node }) =>
    node.id.startsWith('SchedulerRoleForTarget'),
  )) {
    acknowledge(
      child,
      `IAM5[Resource::${arnOf(reportFunction)}:*]`,
      'versions of the one function that the schedule may invoke',
    );
  }
}

export function acknowledgeCollector(collector: KafkaCollector, clusterArns: readonly string[]): void {
  const { collectorRole } = collector;
  acknowledge(
    collectorRole,
    'IAM5[Resource::*]',
    'network interfaces have no ARN before Lambda makes them; the function itself is denied these calls',
  );
  const { topic, group } = clusterResources(clusterArns);
  for (const arn of [...topic, ...group]) {
    acknowledge(
      collectorRole,
      `IAM5[Resource::${arn}]`,
      'all topics and groups of one cluster: a report names every one; Describe only, unless the owner chose readData',
    );
  }
  Validations.of(collector).acknowledge({
    id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
    reason: 'subnets are named, not looked up, so that synth works offline; no route is changed',
  });
}
