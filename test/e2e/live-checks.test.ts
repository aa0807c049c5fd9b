// Every check whose condition a real cluster can be put into fires, names what it must, and is clear once that is undone. Which are shown
// here, which elsewhere and which nowhere is said by live-checks.ts. Points of CloudWatch are the brokers' own, back-dated over the window.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { cannotRun, findingsOf, type Inspection, NEWEST_KAFKA, statusOf } from './live.ts';
import { LIVE_CHECKS, type Scenario } from './live-checks.ts';
import {
  type AccountSetting,
  alarmsOf,
  EXPOSED,
  LAVISH,
  OPEN,
  setAccount,
  UNTUNED,
  WATCHED,
  WELL_KEPT,
} from './live-checks-account.ts';
import { OddCluster } from './live-checks-cluster.ts';
import { type LookOptions, look } from './live-checks-inspect.ts';

/** More than the window: no point of before is left in it. */
const MINUTES = 27 * 60;
const MOST_LOOKS = 3;
const HOURS_OF_SLOWNESS = 5;
const LATENCIES = ['Produce', 'FetchConsumer'].flatMap((request) =>
  ['TotalTimeMs', 'RequestQueueTimeMs', 'LocalTimeMs', 'ResponseQueueTimeMs', 'ResponseSendTimeMs'].map(
    (phase) => `${request}${phase}Mean`,
  ),
);
const TRAFFIC = ['BytesInPerSec', 'BytesOutPerSec'];
const THROTTLE_TIMES = ['ProduceThrottleTime', 'FetchThrottleTime', 'RequestThrottleTime'];

/** Its scenarios rest on how fast the brokers are, and each on the one before: it wants the machine for itself, and no second try. */
const isAsked = process.env.MSK_CHECKUP_LIVE_CHECKS === '1';
if (!isAsked && !cannotRun)
  console.warn('every check on a real cluster is left out: `npm run live` has the machine for itself');

describe.skipIf(cannotRun || !isAsked).each(NEWEST_KAFKA)('Kafka %s', { retry: 0 }, (kafka) => {
  let sandbox: Sandbox;
  let odd: OddCluster;
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  beforeAll(async () => {
    const awsOptions = { emulator: false, monitoring: 'PER_TOPIC_PER_PARTITION' as const };
    sandbox = await startSandbox({ kafka, profile: 'empty', aws: true, awsOptions, log: () => {} });
    odd = await OddCluster.start(sandbox);
    // The composed weeks before are made of what is measured now.
    await wait(8_000);
    await sandbox.aws!.refreshMetrics();
    setAccount(sandbox.aws!, OPEN);
  });
  afterAll(async () => {
    await odd?.stop();
    await sandbox?.stop();
  });

  async function lookAt(account: AccountSetting, options: LookOptions = {}): Promise<Inspection> {
    setAccount(sandbox.aws!, account);
    return look(sandbox, options);
  }

  /** All metrics but these, which keep their composed past. */
  async function asIfAllDay(except: readonly string[] = []): Promise<void> {
    const { metrics } = sandbox.aws!;
    sandbox.aws!.clearBackdates();
    const names = [...new Set(metrics.all().map(({ name }) => name))].filter((name) => !except.includes(name));
    await sandbox.aws!.backdate({ metrics: names, minutes: MINUTES });
  }

  const seriesOf = (names: readonly string[]) => sandbox.aws!.metrics.all().filter(({ name }) => names.includes(name));
  /** What was measured since the start. */
  const forgetMinutes = (names: readonly string[]): void => {
    for (const series of seriesOf(names)) series.recorded.clear();
  };

  const shownIn = (scenario: Scenario) =>
    Object.entries(LIVE_CHECKS).flatMap(([checkId, shown]) =>
      'in' in shown && shown.in === scenario ? [{ checkId, resource: shown.resource }] : [],
    );

  /** What does not fire in any of the looks, or does not name what it must, and what it says in the last one. */
  function silentIn(scenario: Scenario, looks: readonly Inspection[]): string[] {
    const named = ({ report }: Inspection, checkId: string, resource: string) =>
      ['warn', 'fail'].includes(statusOf(report, checkId)) &&
      findingsOf(report, checkId).some((name) => name === resource || name.startsWith(`${resource}/`));
    return shownIn(scenario)
      .filter(({ checkId, resource }) => !looks.some((look) => named(look, checkId, resource)))
      .map(({ checkId, resource }) => {
        const { report } = looks.at(-1)!;
        const said = report.checks.find((check) => check.checkId === checkId)!;
        const gaps = report.gaps.filter(({ hides }) => hides.includes(checkId)).map(({ detail }) => detail);
        const group = report.groups.rows.find(({ groupId }) => `${resource}/`.startsWith(`${groupId}/`));
        const state = group === undefined ? '' : JSON.stringify(group);
        return `${checkId} of ${resource}: ${said.status}, ${said.summary} [${findingsOf(report, checkId).join(', ')}] ${gaps.join('; ')} ${state}`;
      });
  }

  /** Looks again where something has not been seen yet: rates of one look hang on what the machine did in these seconds. */
  async function expectFiring(scenario: Scenario, again: () => Promise<Inspection>): Promise<Inspection> {
    expect(shownIn(scenario).length).toBeGreaterThan(0);
    const looks = [await again()];
    while (looks.length < MOST_LOOKS && silentIn(scenario, looks).length > 0) looks.push(await again());
    expect(silentIn(scenario, looks)).toEqual([]);
    return looks.at(-1)!;
  }

  /** What neither passes nor is beside the point in any of the looks, and what it says in the last one. */
  function unclearIn(scenario: Scenario, looks: readonly Inspection[]): string[] {
    const isClear = (status: string) => status === 'pass' || status === 'not-applicable';
    return shownIn(scenario)
      .filter(({ checkId }) => !looks.some(({ report }) => isClear(statusOf(report, checkId))))
      .map(({ checkId }) => {
        const said = looks.at(-1)!.report.checks.find((check) => check.checkId === checkId)!;
        return `${checkId}: ${said.status}, ${said.summary}`;
      });
  }

  /** In one of the looks at least: what one scenario leaves behind may show in the next look of another. Looks again, as for what fires. */
  async function expectClear(
    scenario: Scenario,
    again: () => Promise<Inspection>,
    ...inspections: Inspection[]
  ): Promise<void> {
    const looks = [...inspections];
    const most = looks.length + MOST_LOOKS - 1;
    while (looks.length < most && unclearIn(scenario, looks).length > 0) looks.push(await again());
    expect(unclearIn(scenario, looks)).toEqual([]);
  }

  let wellKept: Inspection;
  let careful: Inspection;

  test('a cluster that is set up, filled and used as nobody should', async () => {
    await odd.breakAll();
    await wait(6_000);
    await asIfAllDay();
    await expectFiring('exposed', () => lookAt(EXPOSED, { kafka: false }));
    await expectFiring('lavish', () => lookAt(LAVISH, { kafka: false }));
    await expectFiring('careless', () => lookAt(WATCHED, { between: () => odd.rewind() }));
  });

  test('the same one put right', async () => {
    await odd.mendAll();
    await wait(8_000);
    // Brokers that started again know of no throttling.
    forgetMinutes(THROTTLE_TIMES);
    for (const series of seriesOf(THROTTLE_TIMES)) series.bases.clear();
    await asIfAllDay();
    wellKept = await lookAt(WELL_KEPT, { kafka: false });
    careful = await lookAt(OPEN);
  });

  test('one broker that is worked too hard, for hours', async () => {
    await odd.load();
    await wait(20_000);
    await asIfAllDay();
    await expectFiring('loaded', () => lookAt(UNTUNED));
    sandbox.aws!.clearBackdates();
    await sandbox.aws!.backdate({ metrics: LATENCIES, minutes: HOURS_OF_SLOWNESS * 60 });
    await odd.unload();
    forgetMinutes(TRAFFIC);
    // On a weekend there are too few days like it in two weeks.
    for (const series of seriesOf(TRAFFIC)) series.history = 'steady';
    await expectFiring('slowed', () => lookAt(OPEN, { kafka: false }));
  });

  test('a broker and the controller are lost, a heap fills; all is well again', async () => {
    await odd.lose();
    await asIfAllDay();
    await sandbox.aws!.backdate({ minutes: 60, dimensions: { 'Broker ID': '3' }, value: 'silence' });
    const lost = await expectFiring('lost', () => lookAt(OPEN));
    await odd.find();
    await wait(8_000);
    // Hours of traffic as they were before all this.
    await asIfAllDay(TRAFFIC);
    forgetMinutes(TRAFFIC);
    const alarms = alarmsOf(lost.report);
    const again = () => lookAt({ ...OPEN, alarms });
    const well = await again();
    await expectClear('lost', again, well);
    await expectClear('loaded', again, well);
    await expectClear('slowed', again, well);
    await expectClear('exposed', again, wellKept, careful, well);
    await expectClear('lavish', again, wellKept, careful);
    await expectClear('careless', again, careful, well);
  });
});
