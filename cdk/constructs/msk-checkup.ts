// The daily report of some clusters: schedule -> report function -> bucket and topic, and what watches over it.
import { ArnFormat, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CheckupAlarms } from './checkup-alarms.ts';
import type { KafkaCollector } from './kafka-collector.ts';
import { ReportBucket } from './report-bucket.ts';
import { reporterStatements } from './statements.ts';

export interface MskCheckupProps {
  readonly clusterArns: readonly string[];
  readonly schedule: {
    readonly hour: number;
    readonly minute: number;
    readonly timeZone: string;
    /** 0 starts on the minute. */
    readonly flexibleWindowMinutes: number;
  };
  readonly reportEmails: readonly string[];
  readonly opsEmails: readonly string[];
  readonly reportRetentionDays: number;
  /** Lets the report ask Cost Explorer, and makes it do so. */
  readonly readBill: boolean;
  /** The prebuilt bundle of functions/report.ts. */
  readonly code: lambda.Code;
  readonly collector?: KafkaCollector;
}

/** Key of the user's policy; no object there means the defaults. */
export const POLICY_KEY = 'v1/config/msk-checkup.yaml';

export class MskCheckup extends Construct {
  readonly bucket: s3.Bucket;
  readonly reportTopic: sns.Topic;
  readonly opsTopic: sns.Topic;
  readonly deadLetters: sqs.Queue;
  /** A role of our own: the default one brings a managed policy that may write to every log group. */
  readonly reportRole: iam.Role;
  readonly reportFunction: lambda.Function;
  readonly alarms: CheckupAlarms;

  constructor(scope: Construct, id: string, props: MskCheckupProps) {
    super(scope, id);
    this.bucket = new ReportBucket(this, 'Storage', { reportRetentionDays: props.reportRetentionDays }).bucket;
    this.reportTopic = this.#topic('ReportTopic', props.reportEmails);
    this.opsTopic = this.#topic('OpsTopic', props.opsEmails);
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    this.reportRole = new iam.Role(this, 'ReportRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.reportFunction = this.#reportFunction(props);
    this.#schedules(props);
    this.alarms = new CheckupAlarms(this, 'Alarms', {
      opsTopic: this.opsTopic,
      reportFunction: this.reportFunction,
      deadLetters: this.deadLetters,
      ...(props.collector === undefined ? {} : { collectorFunction: props.collector.collectorFunction }),
    });
  }

  #topic(id: string, emails: readonly string[]): sns.Topic {
    const topic = new sns.Topic(this, id, { enforceSSL: true });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  #reportFunction(props: MskCheckupProps): lambda.Function {
    const logGroup = new logs.LogGroup(this, 'ReportLog', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(this.reportRole);
    const collectorArn = props.collector?.collectorFunction.functionArn;
    const authSecret = props.collector?.authSecret;
    for (const statement of reporterStatements({
      clusterArns: props.clusterArns,
      bucketArn: this.bucket.bucketArn,
      topicArns: [this.reportTopic.topicArn],
      collectorArns: collectorArn === undefined ? [] : [collectorArn],
      authSecret,
      readBill: props.readBill,
    })) {
      this.reportRole.addToPolicy(statement);
    }
    return new lambda.Function(this, 'ReportFunction', {
      description: 'MSK Checkup: reads one cluster, judges it, publishes the report',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      memorySize: 512,
      timeout: Duration.minutes(4),
      role: this.reportRole,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Asynchronous invokes are retried by Lambda itself; a report that is hours late is worth less than the alarm.
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      deadLetterQueue: this.deadLetters,
      environment: {
        MSK_CHECKUP_BUCKET: this.bucket.bucketName,
        MSK_CHECKUP_REPORT_TOPIC_ARN: this.reportTopic.topicArn,
        MSK_CHECKUP_OPS_TOPIC_ARN: this.opsTopic.topicArn,
        MSK_CHECKUP_POLICY_KEY: POLICY_KEY,
        MSK_CHECKUP_SCHEDULE_TZ: props.schedule.timeZone,
        ...(collectorArn === undefined ? {} : { MSK_CHECKUP_COLLECTOR_ARN: collectorArn }),
        ...(props.collector === undefined ? {} : { MSK_CHECKUP_KAFKA_AUTH: props.collector.auth }),
        ...(authSecret === undefined ? {} : { MSK_CHECKUP_KAFKA_SECRET_ARN: authSecret.arn }),
        ...(props.readBill ? { MSK_CHECKUP_READ_BILL: 'true' } : {}),
      },
    });
  }

  #schedules(props: MskCheckupProps): void {
    const { hour, minute, timeZone, flexibleWindowMinutes } = props.schedule;
    const group = new scheduler.ScheduleGroup(this, 'Schedules', { removalPolicy: RemovalPolicy.DESTROY });
    for (const clusterArn of props.clusterArns) {
      const { resourceName } = Stack.of(this).splitArn(clusterArn, ArnFormat.SLASH_RESOURCE_NAME);
      new scheduler.Schedule(this, `Daily-${resourceName?.split('/')[0]}`, {
        description: `MSK Checkup of ${clusterArn}`,
        scheduleGroup: group,
        schedule: scheduler.ScheduleExpression.cron({
          hour: String(hour),
          minute: String(minute),
          timeZone: TimeZone.of(timeZone),
        }),
        timeWindow:
          flexibleWindowMinutes === 0
            ? scheduler.TimeWindow.off()
            : scheduler.TimeWindow.flexible(Duration.minutes(flexibleWindowMinutes)),
        target: new LambdaInvoke(this.reportFunction, {
          // The scheduled time names the run: a second delivery of the same schedule is the same run.
          input: scheduler.ScheduleTargetInput.fromObject({
            clusterArn,
            scheduledTime: scheduler.ContextAttribute.scheduledTime,
          }),
          deadLetterQueue: this.deadLetters,
          retryAttempts: 5,
          maxEventAge: Duration.hours(2),
        }),
      });
    }
  }
}
