import { afterEach, expect, test, vi } from 'vitest';
import { azIdsByEc2 } from '../../../lib/collect/account/subnet-zones.ts';
import { classifyAwsError } from '../../../lib/collect/classify-aws-error.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { type Answer, type AwsFront, startAwsFront } from '../aws-front.ts';
import { ACCESS, SIGNAL } from './an-account.ts';

let front: AwsFront;

async function zonesFrom(answer: Answer, ids = ['subnet-a', 'subnet-b', 'subnet-a']) {
  front = await startAwsFront({ ec2: { DescribeSubnets: answer } });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  return azIdsByEc2(ACCESS)(ids, SIGNAL);
}

const FIELDS = { subnetId: 'subnet-a', availabilityZoneId: 'euw1-az2', availabilityZone: 'eu-west-1a', vpcId: 'vpc-1' };

function subnets(items: Record<string, string>[], nextToken = '') {
  const item = (fields: Record<string, string>) =>
    `<item>${Object.entries(fields)
      .map(([key, value]) => `<${key}>${value}</${key}>`)
      .join('')}</item>`;
  const token = nextToken === '' ? '' : `<nextToken>${nextToken}</nextToken>`;
  return {
    xml: `<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><subnetSet>${items.map(item).join('')}</subnetSet>${token}</DescribeSubnetsResponse>`,
  };
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

test('zone ids by subnet, each subnet asked for once, by a filter that forgives unknown ids', async () => {
  let form = new URLSearchParams();
  const zones = await zonesFrom((call) => {
    form = call.form;
    return subnets([FIELDS, { subnetId: 'subnet-b', availabilityZoneId: 'euw1-az3' }]);
  });
  expect([...zones]).toEqual([
    ['subnet-a', 'euw1-az2'],
    ['subnet-b', 'euw1-az3'],
  ]);
  expect(Object.fromEntries(form)).toEqual({
    'Filter.1.Name': 'subnet-id',
    'Filter.1.Value.1': 'subnet-a',
    'Filter.1.Value.2': 'subnet-b',
    Action: 'DescribeSubnets',
    Version: '2016-11-15',
  });
});

test.each(Object.keys(FIELDS))('a subnet without %s is left out or read, never guessed', async (field) => {
  const rest = Object.fromEntries(Object.entries(FIELDS).filter(([key]) => key !== field));
  const isRead = field !== 'subnetId' && field !== 'availabilityZoneId';
  expect([...(await zonesFrom(subnets([rest])))]).toEqual(isRead ? [['subnet-a', 'euw1-az2']] : []);
});

test('no subnets, no call; none known, no zones', async () => {
  expect(await zonesFrom(subnets([FIELDS]), [])).toEqual(new Map());
  expect(front.requests).toEqual([]);
  await front.close();
  expect(await zonesFrom(subnets([]))).toEqual(new Map());
});

test.each([
  ['goes on', (index: number) => (index === 0 ? 'n' : ''), 2],
  ['repeats its token', () => 'again', 2],
  ['never ends', (index: number) => `page ${index}`, 3],
])('a list that %s ends', async (_, token, calls) => {
  const zones = await zonesFrom(({ index }) => subnets([{ ...FIELDS, subnetId: `subnet-${index}` }], token(index)));
  expect(zones.size).toBe(calls);
});

test("EC2's own word for a missing permission is known", async () => {
  const error = await zonesFrom(new AwsError('UnauthorizedOperation', 'no', 403)).catch((each: unknown) => each);
  expect(classifyAwsError(error)).toMatchObject({ kind: 'not-permitted', name: 'UnauthorizedOperation' });
});
