import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { presignGet } from '../../lib/publish/presign.ts';

describe('presigned link', () => {
  test('equals the worked example of the S3 documentation, so that S3 accepts it', async () => {
    // docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    const client = new S3Client({
      region: 'us-east-1',
      useGlobalEndpoint: true,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    });
    const url = new URL(await presignGet(client, 'examplebucket', 'test.txt', new Date(Date.UTC(2013, 4, 24)), 86400));
    expect(url.host).toBe('examplebucket.s3.amazonaws.com');
    expect(url.searchParams.get('X-Amz-Signature')).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  test('lives fifteen minutes and names the very key, special characters included', async () => {
    const client = new S3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    const url = new URL(await presignGet(client, 'bucket-1', 'v1/run=1/a~b/report.html', new Date(0)));
    expect(decodeURIComponent(url.pathname)).toBe('/v1/run=1/a~b/report.html');
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  });
});
