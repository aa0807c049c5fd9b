// `msk-checkup clusters` as its user meets it: what stands on which stream, and how it ends.
import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failureOf } from '../../../lib/cli/errors.ts';
import { addClustersCommand } from '../../../lib/cli/verbs/clusters.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { aCluster, OTHER, OWN, startWorld, type Where, type World } from './many-accounts.ts';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await close?.();
  close = undefined;
});

interface Outcome {
  exitCode: number;
  out: string;
  err: string;
}

async function clusters(world: World | null, ...argv: string[]): Promise<Outcome> {
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_DEFAULT_REGION', undefined);
  if (world !== null) {
    const front = await startWorld(world);
    close = () => front.close();
    for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  }
  return await run(argv);
}

async function run(argv: readonly string[]): Promise<Outcome> {
  const outcome = { exitCode: -1, out: '', err: '' };
  const out = (text: string) => {
    outcome.out += text;
  };
  const err = (text: string) => {
    outcome.err += text;
  };
  const io = { out, err, color: false, columns: 80, interactive: false, signal: new AbortController().signal };
  const program = new Command();
  addClustersCommand(program, io, (exitCode) => {
    outcome.exitCode = exitCode;
  });
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeOut: out, writeErr: err });
  try {
    await program.parseAsync(['clusters', ...argv], { from: 'user' });
  } catch (error) {
    const { exitCode, line } = failureOf(error);
    outcome.exitCode = exitCode;
    if (line !== null) err(`${line}\n`);
  }
  return outcome;
}

const two = (where: Where) => ({
  clusterInfoList: [
    aCluster(where, 'payments', { tags: { team: 'pay' }, state: 'CREATING' }),
    aCluster(where, 'orders', { clusterType: 'SERVERLESS', serverless: {}, provisioned: undefined }),
  ],
});
const arnOf = (name: string) => `arn:aws:kafka:eu-west-1:${OWN}:cluster/${name}/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7`;

test('the table holds a line for each cluster and nothing else', async () => {
  expect(await clusters({ clusters: two }, '--regions', 'eu-west-1')).toEqual({
    exitCode: 0,
    out: `orders    serverless            ACTIVE    ${arnOf('orders')}\npayments  provisioned-standard  CREATING  ${arnOf('payments')}\n`,
    err: '',
  });
});

test('without --regions the region of the environment is looked in', async () => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  const front = await startWorld({ clusters: two });
  close = () => front.close();
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  expect((await run([])).out).toContain(arnOf('orders'));
});

test('what could not be read stands on stderr in one line each, and the rest is listed', async () => {
  const clustersOf = (where: Where) => (where.region === 'ap-east-1' ? null : two(where));
  const assume = () => {
    throw new AwsError('AccessDenied', 'no', 403);
  };
  const argv = ['--regions', 'eu-west-1,ap-east-1', '--accounts', `${OWN},${OTHER}`, '--role-name', 'reader'];
  const { exitCode, out, err } = await clusters({ clusters: clustersOf, assume }, ...argv);
  expect(exitCode).toBe(0);
  expect(out.split('\n')).toHaveLength(3);
  const lines = err.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(new RegExp(`^msk-checkup: account ${OWN}: .*ap-east-1: the region is not enabled`));
  for (const line of lines.slice(1))
    expect(line).toMatch(new RegExp(`^msk-checkup: account ${OTHER}: sts:AssumeRole.*role/reader for the caller`));
});

test('as JSON the problems are with the clusters, for a program to read', async () => {
  const { out } = await clusters({ clusters: two }, '--regions', 'eu-west-1', '--json', '--tag', 'team=pay');
  const found = JSON.parse(out);
  expect(found.clusters.map(({ name, tags }: { name: string; tags: object }) => [name, tags])).toEqual([
    ['payments', { team: 'pay' }],
  ]);
  expect(found).toMatchObject({ problems: [], lists: { asked: 1, read: 1 } });
});

test('no cluster with these tags is an answer, and said to be one', async () => {
  const { exitCode, out, err } = await clusters({ clusters: two }, '--regions', 'eu-west-1', '--tag', 'team=x=y');
  expect([exitCode, out]).toEqual([0, '']);
  expect(err).toBe('no MSK clusters with these tags in the 1 list that could be read\n');
});

test('nothing that could be listed ends with 3', async () => {
  const denied = () => {
    throw new AwsError('AccessDeniedException', 'no', 403);
  };
  const { exitCode, out, err } = await clusters({ clusters: denied }, '--regions', 'eu-west-1');
  expect([exitCode, out]).toEqual([3, '']);
  expect(err).toContain('Allow kafka:ListClustersV2 on * for the caller');
});

test('without credentials it ends with 3 and one line', async () => {
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nonexistent');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const { exitCode, err } = await clusters(null, '--regions', 'eu-west-1,us-east-1');
  expect(exitCode).toBe(3);
  expect(err).toMatch(/^No AWS credentials were found.*\n$/);
});

test('names from AWS cannot move the reader’s text around', async () => {
  const hostile = (where: Where) => ({
    clusterInfoList: [aCluster(where, 'a', { clusterName: 'x\u001b[2J\n\u202ey' })],
  });
  const { out } = await clusters({ clusters: hostile }, '--regions', 'eu-west-1');
  expect(out.split('\n')).toHaveLength(2);
  for (const control of ['\u001b', '\u202e']) expect(out).not.toContain(control);
});

describe('wrong usage ends with 2, and asks nothing:', () => {
  test.each([
    [[], /no region is named/],
    [['--regions', 'Europe'], /an AWS Region like eu-west-1/],
    [['--regions', ''], /an AWS Region like eu-west-1/],
    [['--regions', 'eu-west-1,cn-north-1'], /different AWS partitions/],
    [['--regions', 'eu-west-1', '--accounts', '12'], /account ids of 12 digits/],
    [['--regions', 'eu-west-1', '--role-name', 'reader'], /--role-name goes with --accounts/],
    [['--regions', 'eu-west-1', '--accounts', OTHER, '--role-name', 'arn:aws:iam::1:role/x'], /not its ARN/],
    [['--regions', 'eu-west-1', '--tag', 'team'], /key=value/],
    [['--regions', 'eu-west-1', '--tag', '=x'], /key=value/],
    [['--regions', 'eu-west-1', '--tag', 'a=1', '--tag', 'a=2'], /named twice/],
  ])('%j', async (argv, line) => {
    const { exitCode, out, err } = await clusters(null, ...argv);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(line);
  });
});
