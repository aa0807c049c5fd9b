// Collections under faults, each held against a healthy one: what can be read is read, what cannot is said, in time.
import { expect } from 'vitest';
import { REQUEST_TIMEOUT_MS } from '../../lib/collect/kafka/connector.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import type { KafkaVersion } from '../../sandbox/kafka/artifacts.ts';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import type { ProxiedRequest, ProxyFaults } from '../../sandbox/kafka/proxy/faults.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitSimpleGroups } from '../sandbox/support/every-kind.ts';
import { type Fact, factsOf, lostFacts, silentGaps, summary } from '../sandbox/support/facts.ts';
import { restoreLeaders } from '../sandbox/support/leadership.ts';
import { makeGroupAtEveryBroker } from '../sandbox/support/raw-members.ts';
import { type Watched, watch } from '../sandbox/support/watched-collection.ts';

const PLAN = reportPlan({ samples: 2, intervalSec: 0.3 });

export class FaultRun {
  readonly sandbox: Sandbox;
  healthy!: Watched;
  private readonly rejections: unknown[] = [];
  private readonly note = (reason: unknown): void => void this.rejections.push(reason);

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    process.on('unhandledRejection', this.note);
  }

  /** Three brokers behind proxies, at rest, each of them the coordinator of groups of both kinds. */
  static async start(kafka: KafkaVersion): Promise<FaultRun> {
    const shape = { brokers: 3, users: null, proxied: true };
    const sandbox = await startSandbox({ kafka, profile: 'idle', aws: false, log: () => {}, shape });
    await commitSimpleGroups(sandbox.cluster.bootstrap, 'orders', BigInt);
    await makeGroupAtEveryBroker(sandbox.cluster, 'orders');
    return new FaultRun(sandbox);
  }

  get cluster(): KafkaCluster {
    return this.sandbox.cluster;
  }

  async stop(): Promise<void> {
    process.off('unhandledRejection', this.note);
    await this.sandbox.stop();
  }

  /** Heals all, and reads until two readings in a row are whole and alike: what comes after is held against the second one. */
  async begin(): Promise<void> {
    await this.setAll({});
    await restoreLeaders(this.cluster);
    let before: Watched | null = null;
    await waitUntil('a healthy cluster', 60_000, async () => {
      const [last, now] = [before, await this.look()];
      before = isWhole(now) ? now : null;
      // While a coordinator moves back nobody lists its groups, and nobody says so.
      if (last === null || before === null) return false;
      const differing = [...lostFacts(now.sections, last.sections), ...lostFacts(last.sections, now.sections)];
      return differing.length === 0;
    });
    this.healthy = before!;
    expect(factsOf(this.healthy.sections).size).toBeGreaterThan(900);
  }

  look(): Promise<Watched> {
    return watch(this.cluster, { plan: PLAN });
  }

  setAll(faults: ProxyFaults): Promise<unknown> {
    return Promise.all(this.cluster.proxies.map((proxy) => proxy.set(faults)));
  }

  /** Reads, and does something once, while the first request of that API is held up at a proxy. */
  async lookWhile(apiKey: number, act: (request: ProxiedRequest) => Promise<unknown>): Promise<Watched> {
    const acts: Promise<unknown>[] = [];
    const onRequest = (request: ProxiedRequest): unknown => {
      if (request.apiKey !== apiKey) return undefined;
      if (acts.length === 0) acts.push(act(request));
      return acts[0];
    };
    await this.setAll({ onRequest });
    const seen = await this.look();
    await Promise.all(acts);
    expect(acts, 'that API is asked').toHaveLength(1);
    return seen;
  }

  /**
   * Lost are only facts that are excused, and whatever is lost is said, but for what is not there any more (`isGone`). Gives what was lost.
   */
  expectAllElse(seen: Watched, excused: (fact: Fact) => boolean = () => false, isGone = false): Fact[] {
    const lost = lostFacts(this.healthy.sections, seen.sections);
    expect(summary(lost.filter((fact) => !excused(fact)))).toEqual([]);
    if (!isGone) expect(silentGaps(lost, seen.sections)).toEqual([]);
    expect(seen.ms).toBeLessThanOrEqual(2 * this.healthy.ms + REQUEST_TIMEOUT_MS);
    expect(this.rejections).toEqual([]);
    return lost;
  }
}

/** For `expectAllElse`: only this broker can tell. */
export function of(brokerId: number): (fact: Fact) => boolean {
  return (fact) => fact.brokerId === brokerId;
}

function isWhole({ sections }: Watched): boolean {
  return Object.values(sections).every(({ ok, ...rest }) => ok && !('partial' in rest));
}
