// Money and capacity: the product's functions under the names and shapes of the worked examples.
import { connectionHeadroom, pageCacheSeconds } from '../../lib/analysis/broker-resources.ts';
import {
  cheapestEligible,
  type ExpressRates,
  expressBlockers,
  expressUsdPerMonth,
  type ServerlessRates,
  type StandardRates,
  serverlessBlockers,
  serverlessUsdPerMonth,
  standardUsdPerMonth,
} from '../../lib/analysis/cluster-types.ts';
import { type CpuWeights, failureHeadroom } from '../../lib/analysis/headroom.ts';
import { sizeByObservedCpu } from '../../lib/analysis/observed-cpu.ts';
import {
  compressionSaving,
  crossAzCost,
  crossShare,
  metricReadsUsdPerMonth,
  monitoringCost,
  tieringSaving,
  wastePercent,
} from '../../lib/analysis/savings.ts';
import { capacityPlan, naivePlan, workbookSizing } from '../../lib/analysis/sizing.ts';
import {
  gp2LimitMiBPerSec,
  measuredMiBPerSec,
  storageScaling,
  writeDemandMiBPerSec,
} from '../../lib/analysis/storage-limits.ts';
import {
  equation1,
  expressUse,
  limitOneAzDown,
  WORKBOOK_UTILISATION,
  workbookIngress,
} from '../../lib/analysis/throughput-limits.ts';
import { piecewiseScore } from '../../lib/kpis/curves.ts';

/** Zones of a cluster where the inputs name none. */
const AZS = 3;

const hoursOf = (days: number) => days * 24;
const throughput = ([inMBPerSec, outMBPerSec]: [number, number]) => ({ inMBPerSec, outMBPerSec });

export const MONEY_ALGORITHMS = {
  'headroom.failure': (inputs: {
    cpuPercent: number;
    idleBasePercent: number;
    brokers: number;
    azs: number;
    rf: number;
    perBroker: { leaderIn: number; leaderOut: number; followerIn: number };
    weights: CpuWeights;
  }) => failureHeadroom({ ...inputs, basePercent: inputs.idleBasePercent, load: inputs.perBroker }),

  'capacity.equation1': (inputs: {
    brokers: number;
    rf: number;
    consumerGroups: number;
    storageMiBs: number;
    ebsNetworkMiBs: number;
    ec2NetworkMiBs: number;
    target: number;
  }) => {
    const limits = {
      storageMiBPerSec: inputs.storageMiBs,
      ebsMiBPerSec: inputs.ebsNetworkMiBs,
      networkMiBPerSec: inputs.ec2NetworkMiBs,
    };
    const equation = equation1({ ...limits, brokers: inputs.brokers, rf: inputs.rf, fanOut: inputs.consumerGroups });
    const perBroker =
      WORKBOOK_UTILISATION *
      workbookIngress({
        ...limits,
        ebsMiBPerSec: Math.min(inputs.storageMiBs, inputs.ebsNetworkMiBs),
        fanOut: inputs.consumerGroups,
        azs: AZS,
      });
    return {
      ...equation,
      target: inputs.target * equation.limit,
      limitOneAzDown: limitOneAzDown(equation.limit, AZS),
      workbookIngressPerBroker: perBroker,
      workbookCluster: perBroker * inputs.brokers,
    };
  },

  'sizing.workbook': (inputs: {
    avgIn: number;
    peakIn: number;
    peakOut: number;
    partitions: number;
    rf: number;
    retentionH: number;
    ebsMiBs: number;
    netMiBs: number;
    recPartitions: number;
    hourly: number;
    ebsPerGiB: number;
    crossAzPerGiB: number;
    utilisation: number;
    ebsHeadroom: number;
    azs: number;
  }) => {
    const { usdPerMonth, ...sizing } = workbookSizing(
      { ...inputs, replicas: inputs.partitions, retentionHours: inputs.retentionH },
      {
        ...inputs,
        ebsMiBPerSec: inputs.ebsMiBs,
        networkMiBPerSec: inputs.netMiBs,
        recommendedPartitionCount: inputs.recPartitions,
      },
      { ...inputs, brokerHour: inputs.hourly },
    );
    return { ...sizing, monthlyUsd: usdPerMonth };
  },

  'sizing.observedCpu': (inputs: {
    current: { instance: string; brokers: number; vcpu: number; cpuP95: number };
    replicas: number;
    candidates: { instance: string; brokers: number; vcpu: number; hourly: number }[];
    limits: { cpu: number; cpuAzLoss: number };
    azs: number;
    familyFactor: number;
  }) => {
    const { instance, cpuP95, ...current } = inputs.current;
    const { rows, best, savingUsdPerMonth } = sizeByObservedCpu(
      { ...current, instanceType: instance, cpuPercent: cpuP95 },
      inputs.candidates.map((each) => ({ ...each, instanceType: each.instance, usdPerHour: each.hourly })),
      inputs,
    );
    return {
      rows: rows.map(({ instanceType, usdPerMonth, isFeasible, ...row }) => ({
        ...row,
        instance: instanceType,
        monthlyUsd: usdPerMonth,
        feasible: isFeasible,
      })),
      best: best?.instanceType ?? null,
      bestBrokers: best?.brokers ?? null,
      brokerSavingUsd: savingUsdPerMonth,
    };
  },

  'cost.tiered': (inputs: {
    ingressMiBs: number;
    retentionDays: number;
    localDays: number;
    rf: number;
    ebsPerGiB: number;
    tierPerGiB: number[];
  }) => {
    const savings = inputs.tierPerGiB.map((tier) =>
      tieringSaving(
        {
          ingressMiBPerSec: inputs.ingressMiBs,
          retentionHours: hoursOf(inputs.retentionDays),
          localHours: hoursOf(inputs.localDays),
          rf: inputs.rf,
        },
        { ebs: inputs.ebsPerGiB, tier },
      ),
    );
    return {
      ...savings[0],
      usdAfter: savings.map(({ usdAfter }) => usdAfter),
      savingUsd: savings.map(({ savingUsd }) => savingUsd),
      savingShare: savings.map(({ savingShare }) => savingShare),
      realisableInPlace: savings.some(({ isRealisableInPlace }) => isRealisableInPlace),
    };
  },

  'cost.compression': (inputs: {
    ingressMiBs: number;
    uncompressedShare: number;
    ratioCompressedOverRaw: number;
    fanOut: number;
    retentionHours: number;
    rf: number;
    diskTarget: number;
    ebsPerGiB: number;
    crossAzPerGiB: number;
    azs: number;
    expressDataInPerGiB: number;
  }) => {
    const { newIngressMiBPerSec, ...saving } = compressionSaving(
      { ...inputs, ingressMiBPerSec: inputs.ingressMiBs, ratio: inputs.ratioCompressedOverRaw },
      { ebs: inputs.ebsPerGiB, crossAz: inputs.crossAzPerGiB, expressDataIn: inputs.expressDataInPerGiB },
    );
    return { ...saving, newIngressMiBs: newIngressMiBPerSec };
  },

  'cost.crossAz': (inputs: {
    ingressMiBs: number;
    egressMiBs: number;
    azs: number;
    perGiB: number;
    rackAwareShare: number;
    clientAzShare: number[];
    leaderAzShare: number[];
  }) => ({
    ...crossAzCost(
      { ...inputs, ingressMiBPerSec: inputs.ingressMiBs, egressMiBPerSec: inputs.egressMiBs },
      inputs.perGiB,
    ),
    crossShareUneven: crossShare(inputs.clientAzShare, inputs.leaderAzShare),
  }),

  'cost.compare': (inputs: {
    avgInMiBs: number;
    avgOutMiBs: number;
    peakInMiBs: number;
    peakOutMiBs: number;
    retentionHours: number;
    leaderPartitions: number;
    standard: Omit<StandardRates, 'brokerHour'> & { hourly: number };
    express: Omit<ExpressRates, 'brokerHour'> & { instance: string; hourly: number; storageCopies: number[] };
    serverless: ServerlessRates;
  }) => {
    const { standard, express, serverless } = inputs;
    const load = {
      avgInMiBPerSec: inputs.avgInMiBs,
      avgOutMiBPerSec: inputs.avgOutMiBs,
      peakInMiBPerSec: inputs.peakInMiBs,
      peakOutMiBPerSec: inputs.peakOutMiBs,
      retentionHours: inputs.retentionHours,
      partitions: inputs.leaderPartitions,
    };
    const standardUsd = standardUsdPerMonth(load, { ...standard, brokerHour: standard.hourly });
    const expressRates = { ...express, brokerHour: express.hourly };
    const expressUsd = express.storageCopies.map((copies) => expressUsdPerMonth(load, expressRates, copies));
    const serverlessUsd = serverlessUsdPerMonth(load, serverless);
    const cheapest = cheapestEligible([
      { name: 'standard', usdPerMonth: standardUsd, blockers: [] },
      {
        name: 'express',
        usdPerMonth: expressUsdPerMonth(load, expressRates),
        blockers: expressBlockers(load, express.instance, express.brokers),
      },
      { name: 'serverless', usdPerMonth: serverlessUsd, blockers: serverlessBlockers(load) },
    ]);
    return { standardUsd, expressUsd, serverlessUsd, cheapest };
  },

  'capacity.plan': (inputs: {
    messagesPerS: number;
    messageBytes: number;
    seedMessagesPerPartitionPerS: number;
    peakFactor: number;
    producePerPartitionMiBs: number;
    consumePerMemberPerS: number;
    rf: number;
    partitionLimitPerBroker: number;
    brokers: number;
    retentionHours: number;
    diskTarget: number;
    overhead: number;
  }) => {
    const load = { ...inputs, messagesPerSec: inputs.messagesPerS };
    const seed = naivePlan({ ...load, messagesPerPartitionPerSec: inputs.seedMessagesPerPartitionPerS });
    return {
      seed: { ...seed, storageGiBPerBrokerNoHeadroom: seed.storageGiBPerBroker },
      corrected: capacityPlan({
        ...load,
        producePerPartitionMiBPerSec: inputs.producePerPartitionMiBs,
        consumePerMemberPerSec: inputs.consumePerMemberPerS,
        azs: AZS,
      }),
    };
  },

  'storage.ebsLimit': (inputs: {
    volumesGiB: number[];
    leaderIngressPerBrokerMiBs: number;
    rf: number;
    limitMiBs: number;
    volumeBytes5min: { read: number; write: number };
  }) => {
    const writeDemandMiBs = writeDemandMiBPerSec(inputs.leaderIngressPerBrokerMiBs, inputs.rf);
    const measuredMiBs = measuredMiBPerSec(inputs.volumeBytes5min, 300);
    return {
      gp2LimitMiBs: inputs.volumesGiB.map(gp2LimitMiBPerSec),
      writeDemandMiBs,
      utilisation: writeDemandMiBs / inputs.limitMiBs,
      measuredMiBs,
      measuredUtilisation: measuredMiBs / inputs.limitMiBs,
    };
  },

  'storage.autoscaling': (inputs: Parameters<typeof storageScaling>[0]) => {
    const { sustainableGrowthGiBPerHour, ...scaling } = storageScaling(inputs);
    return { ...scaling, sustainableGrowthGiBPerHourAtStart: sustainableGrowthGiBPerHour };
  },

  'memory.pageCache': (inputs: {
    memoryCachedGiB: number;
    leaderInMiBs: number;
    replicationInMiBs: number;
    groupTimeLagSeconds: number;
  }) => {
    const windowSeconds = pageCacheSeconds(inputs.memoryCachedGiB, inputs.leaderInMiBs, inputs.replicationInMiBs);
    return {
      windowSeconds,
      readsFromDiskExpected: windowSeconds !== null && inputs.groupTimeLagSeconds > windowSeconds,
    };
  },

  'connections.headroom': (inputs: {
    iamConnectionsPerBroker: number[];
    limit: number;
    creationRateSumPerS: number[];
    rateLimit: number;
  }) => connectionHeadroom(inputs.iamConnectionsPerBroker, inputs.limit, inputs.creationRateSumPerS, inputs.rateLimit),

  'capacity.expressLimits': (inputs: {
    peakInMBs: number;
    peakOutMBs: number;
    sustained: [number, number];
    maximum: [number, number];
  }) =>
    expressUse(
      throughput([inputs.peakInMBs, inputs.peakOutMBs]),
      throughput(inputs.sustained),
      throughput(inputs.maximum),
    ),

  'cost.monitoring': (inputs: {
    brokers: number;
    topics: number;
    groupPartitions: number;
    perBrokerMetrics: number;
    perTopicBrokerMetrics: number;
    perPartitionMetrics: number;
    usdPerMetricMonth: number;
    getMetricDataPer1000: number;
    runsPerDay: number;
    metricsPerRun: number;
  }) => ({
    ...monitoringCost(
      inputs,
      {
        perBroker: inputs.perBrokerMetrics,
        perTopicBroker: inputs.perTopicBrokerMetrics,
        perPartition: inputs.perPartitionMetrics,
      },
      inputs.usdPerMetricMonth,
    ),
    reporterGetMetricDataUsd: metricReadsUsdPerMonth(
      inputs.runsPerDay,
      inputs.metricsPerRun,
      inputs.getMetricDataPer1000,
    ),
  }),

  'kpi.costWaste': (inputs: { currentUsd: number; cheapestFeasibleUsd: number; anchors: [number, number][] }) => {
    const waste = wastePercent(inputs.currentUsd, inputs.cheapestFeasibleUsd);
    return { waste, score: piecewiseScore({ anchors: inputs.anchors, axis: 'linear' }, waste) };
  },
};
