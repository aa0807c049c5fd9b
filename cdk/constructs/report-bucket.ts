// Where reports, snapshots and history lie: private, versioned, kept when the stack goes.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface ReportBucketProps {
  readonly reportRetentionDays: number;
}

export class ReportBucket extends Construct {
  readonly bucket: s3.Bucket;
  readonly accessLogs: s3.Bucket;

  constructor(scope: Construct, id: string, props: ReportBucketProps) {
    super(scope, id);
    const common = {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.accessLogs = new s3.Bucket(this, 'AccessLogs', {
      ...common,
      lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    this.bucket = new s3.Bucket(this, 'Reports', {
      ...common,
      versioned: true,
      serverAccessLogsBucket: this.accessLogs,
      lifecycleRules: [
        { prefix: 'v1/reports/', expiration: Duration.days(props.reportRetentionDays) },
        { prefix: 'v1/snapshots/', expiration: Duration.days(props.reportRetentionDays) },
        // Four weeks are read, in folders of a month.
        { prefix: 'v1/rollups/', expiration: Duration.days(70) },
        { prefix: 'v1/history/', expiration: Duration.days(1095) },
        { prefix: 'runs/', expiration: Duration.days(30) },
        {
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
  }
}
