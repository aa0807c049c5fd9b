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

  describe('names the secret of SCRAM and mutual TLS', () => {
    const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_reader-AbCdEf';
    const SECRET_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const collector = 'vpcId: vpc-01234567, subnetIds: [subnet-01234567], brokerSecurityGroupId: sg-01234567';
    const read = (more: string) =>
      parseDeploySettings(`${MINIMAL}collector: { ${collector}, ${more} }\n`, 'f').collector;

    test('by its ARN, with its key where that is the owner’s', () => {
      expect(read(`auth: scram, secretArn: "${SECRET}"`)).toMatchObject({ auth: 'scram', secretArn: SECRET });
      expect(read(`auth: mtls, secretArn: "${SECRET}", secretKeyArn: "${SECRET_KEY}"`)).toMatchObject({
        auth: 'mtls',
        secretKeyArn: SECRET_KEY,
      });
      const replicated = SECRET_KEY.replace(/[^/]+$/, 'mrk-0123456789abcdef0123456789abcdef');
      expect(read(`auth: scram, secretArn: "${SECRET}", secretKeyArn: "${replicated}"`)).toBeDefined();
    });

    test('and opens the port that MSK has for it, unless another is named', () => {
      const portsOf = (more: string) => read(more)?.ports;
      expect(portsOf(`auth: scram, secretArn: "${SECRET}"`)).toEqual([9096]);
      expect(portsOf(`auth: mtls, secretArn: "${SECRET}"`)).toEqual([9094]);
      expect(['iam', 'tls', 'none'].map((auth) => portsOf(`auth: ${auth}`))).toEqual([[9098], [9094], [9092]]);
      expect(portsOf(`auth: scram, secretArn: "${SECRET}", ports: [9196]`)).toEqual([9196]);
    });

    test.each([
      ['SCRAM without one', 'auth: scram', 'f: collector.secretArn: expected with auth: scram and mtls'],
      ['mutual TLS without one', 'auth: mtls', 'f: collector.secretArn: expected with auth: scram and mtls'],
      ['IAM with one', `secretArn: "${SECRET}"`, 'f: collector.secretArn: allowed with auth: scram and mtls only'],
      ['TLS with one', `auth: tls, secretArn: "${SECRET}"`, 'f: collector.secretArn: allowed with auth: scram'],
      ['a name', 'auth: scram, secretArn: AmazonMSK_reader', 'f: collector.secretArn: expected the whole ARN'],
      ['many secrets', `auth: scram, secretArn: "${SECRET.slice(0, -6)}*"`, 'expected the whole ARN'],
      ['an ARN cut short', `auth: scram, secretArn: "${SECRET.slice(0, -7)}"`, 'expected the whole ARN'],
      [
        'an alias of a key',
        `auth: scram, secretArn: "${SECRET}", secretKeyArn: "arn:aws:kms:eu-west-1:111122223333:alias/msk"`,
        'f: collector.secretKeyArn: expected the ARN of a key, not of an alias',
      ],
      [
        'a key of another Region',
        `auth: scram, secretArn: "${SECRET}", secretKeyArn: "${SECRET_KEY.replace('eu-west-1', 'eu-west-2')}"`,
        'f: collector.secretKeyArn: allowed with secretArn only, and expected in its Region',
      ],
      ['a key of nothing', `secretKeyArn: "${SECRET_KEY}"`, 'f: collector.secretKeyArn: allowed with secretArn only'],
      ['an unknown way in', 'auth: plain', 'f: collector.auth: expected one of iam, scram, mtls, tls, none'],
    ])('and refuses %s in one line', (_, more, message) => {
      expect(() => read(more)).toThrow(DeploySettingsError);
      expect(() => read(more)).toThrow(message);
    });
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
