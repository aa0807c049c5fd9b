// Who watches the watcher: alarms that go to the ops topic, never to the readers of reports.
import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, METRIC_SERVICE } from '../../functions/metrics.ts';

export interface CheckupAlarmsProps {
  readonly opsTopic: sns.Topic;
  readonly reportFunction: lambda.Function;
  readonly deadLetters: sqs.Queue;
  readonly collectorFunction?: lambda.Function;
}

const HOUR = Duration.hours(1);

export class CheckupAlarms extends Construct {
  readonly all: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: CheckupAlarmsProps) {
    super(scope, id);
    this.all = [
      this.#noReport(),
      this.#atLeastOne(
        'ReportRefused',
        'a scheduled run was refused: wrong ARN, no permission, nothing collected',
        own('ReportRefused'),
      ),
      this.#atLeastOne(
        'PolicyRejected',
        'the policy in the bucket is invalid: reports use the last valid one',
        own('PolicyRejected'),
      ),
      this.#atLeastOne(
        'ReportErrors',
        'the report function failed',
        props.reportFunction.metricErrors({ period: HOUR }),
      ),
      this.#atLeastOne(
        'DeadLetters',
        'a scheduled run was given up after all retries',
        props.deadLetters.metricApproximateNumberOfMessagesVisible({ period: HOUR }),
      ),
      ...(props.collectorFunction === undefined
        ? []
        : [
            this.#atLeastOne(
              'CollectorErrors',
              'the Kafka collector failed: reports are degraded',
              props.collectorFunction.metricErrors({ period: HOUR }),
            ),
          ]),
    ];
    for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(props.opsTopic));
    allowAlarms(props.opsTopic);
  }

  /** Dead man's switch. 26 hours: a day, and the time a late run may take. Missing data is the very thing it waits for. */
  #noReport(): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'NoReport', {
      alarmDescription: 'MSK Checkup: no report was published for 26 hours',
      metric: own('ReportPublished'),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 26,
      datapointsToAlarm: 26,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  #atLeastOne(id: string, what: string, metric: cloudwatch.Metric): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      alarmDescription: `MSK Checkup: ${what}`,
      metric,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

function own(metricName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service: METRIC_SERVICE },
    statistic: 'Sum',
    period: HOUR,
  });
}

/** `enforceSSL` replaces the topic's default policy by a Deny alone: without this every alarm would stay silent. */
function allowAlarms(topic: sns.Topic): void {
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsMayPublish',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
    }),
  );
}
