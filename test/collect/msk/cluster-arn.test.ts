import { expect, test } from 'vitest';
import { CollectError } from '../../../lib/collect/aws-errors.ts';
import { assertRegion, parseClusterArn } from '../../../lib/collect/msk/cluster-arn.ts';

const UUID = '0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7';

test.each([
  ['aws', 'eu-west-1', '-7'],
  ['aws-cn', 'cn-north-1', '-s1'],
  ['aws-us-gov', 'us-gov-west-1', '-25'],
])('reads the parts of an ARN of partition %s', (partition, region, suffix) => {
  const uuid = UUID.replace(/-7$/, suffix);
  const arn = `arn:${partition}:kafka:${region}:111122223333:cluster/orders-prod/${uuid}`;
  expect(parseClusterArn(` ${arn}\n`)).toEqual({
    arn,
    partition,
    region,
    accountId: '111122223333',
    name: 'orders-prod',
    uuid,
  });
});

test.each([
  ['my-cluster', 'is not an ARN'],
  ['', 'is not an ARN'],
  [`arn:aws-moon:kafka:eu-west-1:111122223333:cluster/a/${UUID}`, 'unknown partition'],
  ['arn:aws:s3:::bucket', 'not of Amazon MSK'],
  [`arn:aws:kafka::111122223333:cluster/a/${UUID}`, 'no valid region'],
  [`arn:aws:kafka:eu-west-1:1234:cluster/a/${UUID}`, 'no 12-digit account id'],
  [`arn:aws:kafka:eu-west-1:111122223333:topic/a/${UUID}/t`, 'names no cluster'],
  ['arn:aws:kafka:eu-west-1:111122223333:cluster/a', 'not the whole ARN'],
  [`arn:aws:kafka:eu-west-1:111122223333:cluster/a/${UUID}/extra`, 'not the whole ARN'],
  [`arn:aws:kafka:eu-west-1:111122223333:cluster/a\nb/${UUID}`, 'not the whole ARN'],
])('refuses %j in one line: %s', (text, problem) => {
  const failure = caught(() => parseClusterArn(text));
  expect(failure.code).toBe('bad-arn');
  expect(failure.message).toContain(problem);
  expect(failure.message).toContain('expected arn:aws:kafka:');
  expect(failure.message).not.toMatch(/\n/);
});

test('a region that contradicts the ARN is wrong usage', () => {
  const arn = parseClusterArn(`arn:aws:kafka:eu-west-1:111122223333:cluster/a/${UUID}`);
  expect(() => assertRegion(arn, undefined)).not.toThrow();
  expect(() => assertRegion(arn, 'eu-west-1')).not.toThrow();
  expect(caught(() => assertRegion(arn, 'us-east-1'))).toMatchObject({ code: 'wrong-region' });
});

function caught(action: () => unknown): CollectError {
  try {
    action();
  } catch (error) {
    if (error instanceof CollectError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
