import { describe, expect, test } from 'vitest';
import { cpuOn, sizeByObservedCpu } from '../../lib/analysis/observed-cpu.ts';

describe('by observed CPU', () => {
  const current = { instanceType: 'kafka.m5.2xlarge', brokers: 6, vcpu: 8, cpuPercent: 28 };
  const question = { replicas: 4500, azs: 3, limits: { cpu: 60, cpuAzLoss: 85 } };
  const candidate = (instanceType: string, brokers: number, vcpu: number, usdPerHour: number) => ({
    instanceType,
    brokers,
    vcpu,
    usdPerHour,
  });

  test('by hand: half the cores carry twice the CPU; of equal cost the one with as many brokers', () => {
    const { rows, best, savingUsdPerMonth } = sizeByObservedCpu(
      current,
      [
        candidate('kafka.m5.2xlarge', 6, 8, 0.84),
        candidate('kafka.m7g.2xlarge', 3, 8, 0.816),
        candidate('kafka.m7g.xlarge', 6, 4, 0.408),
        candidate('kafka.m7g.large', 6, 2, 0.204),
      ],
      question,
    );
    expect(rows.map(({ cpu, isFeasible }) => [cpu, isFeasible])).toEqual([
      [28, true],
      [56, true],
      [56, true],
      [112, false],
    ]);
    expect(rows[2]).toMatchObject({ partitionsPerBroker: 750, partitionLimit: 1000 });
    expect(rows[2]!.cpuAzLoss).toBeCloseTo(84, 12);
    expect(best).toMatchObject({ instanceType: 'kafka.m7g.xlarge', brokers: 6 });
    // 6 × (0.84 − 0.408) × 730
    expect(savingUsdPerMonth).toBeCloseTo(1892.16, 9);
  });

  test.each([
    ['replicas at the limit', { replicas: 6000 }, 'kafka.m7g.xlarge', 6, true],
    ['one replica above it', { replicas: 6001 }, 'kafka.m7g.xlarge', 6, false],
    [
      'CPU after the loss of a zone one percent too high',
      { limits: { cpu: 60, cpuAzLoss: 83 } },
      'kafka.m7g.xlarge',
      6,
      false,
    ],
    ['brokers that do not spread over the zones', {}, 'kafka.m7g.4xlarge', 4, false],
    ['a size that AWS may add', {}, 'kafka.m9g.xlarge', 6, false],
  ] as const)('%s', (_, change, instanceType, brokers, isFeasible) => {
    const only = candidate(instanceType, brokers, brokers === 4 ? 16 : 4, 0.4);
    expect(sizeByObservedCpu(current, [only], { ...question, ...change }).rows[0]).toMatchObject({ isFeasible });
  });

  test.each([
    ['CPU at its limit', { limits: { cpu: 56, cpuAzLoss: 85 } }, true],
    ['CPU above its limit', { limits: { cpu: 55.9, cpuAzLoss: 85 } }, false],
    ['CPU after the loss of a zone at its limit', { limits: { cpu: 60, cpuAzLoss: 84 } }, true],
  ])('%s: feasible %s', (_, change, isFeasible) => {
    const only = candidate('kafka.m5.xlarge', 6, 4, 0.42);
    expect(sizeByObservedCpu(current, [only], { ...question, ...change }).rows[0]).toMatchObject({
      cpu: 56,
      cpuAzLoss: 84,
      isFeasible,
    });
  });

  test('brokers of unknown size hold nothing for certain, not even nothing', () => {
    const unknown = candidate('kafka.unheard.of', 6, 8, 0.1);
    expect(sizeByObservedCpu(current, [unknown], { ...question, replicas: 0 }).best).toBeNull();
  });

  test('of equal cost and number the type that runs now stays', () => {
    const options = [candidate('kafka.m7g.2xlarge', 6, 8, 0.84), candidate('kafka.m5.2xlarge', 6, 8, 0.84)];
    for (const given of [options, options.toReversed()])
      expect(sizeByObservedCpu(current, given, question)).toMatchObject({
        best: { instanceType: 'kafka.m5.2xlarge' },
        savingUsdPerMonth: 0,
      });
  });

  test('where nothing is feasible nothing is saved', () => {
    const { best, savingUsdPerMonth } = sizeByObservedCpu(
      { ...current, cpuPercent: 99 },
      [candidate('kafka.m5.2xlarge', 6, 8, 0.84)],
      question,
    );
    expect([best, savingUsdPerMonth]).toEqual([null, null]);
  });

  test('another family counts by its measured factor, the own family never', () => {
    expect(cpuOn({ instanceType: 'kafka.m7g.2xlarge', brokers: 6, vcpu: 8 }, current, 0.9)).toBeCloseTo(25.2, 12);
    expect(cpuOn({ instanceType: 'kafka.m5.4xlarge', brokers: 6, vcpu: 16 }, current, 0.9)).toBe(14);
  });

  test('without a price of the current brokers no saving is claimed', () => {
    const { best, savingUsdPerMonth } = sizeByObservedCpu(
      current,
      [candidate('kafka.m7g.xlarge', 6, 4, 0.408)],
      question,
    );
    expect(best).not.toBeNull();
    expect(savingUsdPerMonth).toBeNull();
  });
});
