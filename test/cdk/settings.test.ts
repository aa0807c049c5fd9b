import { describe, expect, test } from 'vitest';
import { checkPolicy } from '../../cdk/app.ts';
import { DeploySettingsError, loadDeploySettings, parseDeploySettings } from '../../cdk/settings.ts';
import { exampleSettings } from './stack.ts';

const ARN = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/a1b2c3d4-1111-4222-8333-444455556666-5';
const MINIMAL = `clusters: [${ARN}]\nschedule: { hour: 6 }\n`;

describe('the deployment file', () => {
  test('needs no more than a cluster and an hour; account and Region are the cluster’s', () => {
    expect(parseDeploySettings(MINIMAL, 'f')).toMatchObject({
      account: '111122223333',
      region: 'eu-west-1',
      schedule: { minute: 0, timeZone: 'UTC' },
    });
  });

  test.each([
    ['an unknown key', `${MINIMAL}bucketName: x\n`, 'f: unknown key bucketName'],
    [
      'no MSK ARN',
      'clusters: [arn:aws:sns:x]\nschedule: { hour: 6 }\n',
      'f: clusters.0: expected the ARN of an MSK cluster',
    ],
    [
      'an hour that does not exist',
      `clusters: [${ARN}]\nschedule: { hour: 24 }\n`,
      'f: schedule.hour: expected 0 to 23',
    ],
    [
      'a zone that does not exist',
      `clusters: [${ARN}]\nschedule: { hour: 6, timeZone: CET/Berlin }\n`,
      'IANA time zone',
    ],
    [
      'two accounts',
      `clusters: [${ARN}, ${ARN.replace('1111', '4444')}]\nschedule: { hour: 6 }\n`,
      'one account and Region',
    ],
    ['a cluster twice', `clusters: [${ARN}, ${ARN}]\nschedule: { hour: 6 }\n`, 'listed twice'],
    [
      'a cluster and its former namesake',
      `clusters: [${ARN}, ${ARN.replace('a1b2c3d4', 'b1b2c3d4')}]\nschedule: { hour: 6 }\n`,
      'listed twice',
    ],
    ['no YAML', 'clusters: [', 'f is no YAML'],
  ])('is refused in one line for %s', (_, text, message) => {
    expect(() => parseDeploySettings(text, 'f')).toThrow(DeploySettingsError);
    expect(() => parseDeploySettings(text, 'f')).toThrow(message);
  });

  test('opts in to reading record batches by a word of its own, and by nothing less', () => {
    const collector = 'vpcId: vpc-01234567, subnetIds: [subnet-01234567], brokerSecurityGroupId: sg-01234567';
    const read = (more: string) =>
      parseDeploySettings(`${MINIMAL}collector: { ${collector}${more} }\n`, 'f').collector?.readData;
    expect([read(''), read(', readData: false'), read(', readData: true')]).toEqual([false, false, true]);
    expect(() => read(', readData: "yes"')).toThrow('f: collector.readData');
  });

  test('one that is named and not there is an error, not the example', () => {
    expect(() => loadDeploySettings('/no/such/file.yaml')).toThrow(/cannot read the deployment file/);
  });

  test('a policy that would be refused at run time is refused at synth', () => {
    expect(() => checkPolicy({ ...exampleSettings(), policyFile: 'msk-checkup.deploy.yaml' })).toThrow(
      DeploySettingsError,
    );
    expect(() => checkPolicy({ ...exampleSettings(), policyFile: 'absent.yaml' })).toThrow(/cannot read/);
  });
});
