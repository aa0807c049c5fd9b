// K32. Connections with IAM authentication of the fullest broker, and new ones a second, against what MSK takes: the nearer of both, as held
// for a quarter of an hour. Without IAM nothing limits them but the cluster's own configuration.
import { connectionsByBroker, hasIam, iamLimits } from '../analysis/connection-use.ts';
import { brokenUp, heldLevel } from '../analysis/held-level.ts';
import type { TrustedSeries } from '../analysis/series.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { checkDefaults } from './check-defaults.ts';
import { defineKpi } from './kpi.ts';
import {
  coverageFactor,
  expectedBrokers,
  largest,
  metricSource,
  missingFrom,
  noData,
  notApplicable,
  notPublished,
  readBrokers,
  THIN,
  tooThin,
} from './reading.ts';

const METRIC = METRICS.clientConnections;

export default defineKpi({
  id: 'K32',
  name: 'connection-utilisation',
  title: 'IAM connections against their limit',
  category: 'capacity',
  weight: 2,
  unit: 'percent',
  mayUse: ['metrics', 'nodes', 'security', 'cluster', 'configuration', 'kafkaBrokerConfigs'],
  read(inputs, run) {
    const { metrics, security } = inputs;
    // A broker whose traffic shows is there: who has no point of connections with IAM has none.
    const traffic = readBrokers(inputs, METRICS.bytesIn, run);
    if ('state' in traffic) return traffic;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    const iam = hasIam(security, metrics.value);
    if (iam === false) return notApplicable('clients do not authenticate with IAM, whose limits these are');
    if (iam === null)
      return security.ok
        ? noData('whether clients authenticate with IAM is not known')
        : missingFrom(security, 'authentication');
    const limits = iamLimits(inputs);
    const open = connectionsByBroker(metrics.value, [], 'IAM');
    const expected = expectedBrokers(inputs);
    if (open.size === 0) return notPublished(metrics.value, METRIC);
    const unseen = expected.filter((id) => !open.has(id));
    if (unseen.length > 0) return noData(`CloudWatch was not asked for ${METRIC.name} with IAM of every broker`);
    const fresh = readBrokers(inputs, METRICS.connectionCreationRate, run);
    // The level that leaves out new connections leaves a part of the question open; what should be there and is not, all of it.
    const isPart = 'state' in fresh && fresh.state === 'level-not-enabled';
    if ('state' in fresh && !isPart) return fresh;
    const rates: ReadonlyMap<string, TrustedSeries> = 'state' in fresh ? new Map() : fresh.byId;
    const { minMinutes } = checkDefaults('iam-connections-near-limit', run);
    const held = (series: TrustedSeries | undefined) => (series === undefined ? 0 : heldLevel(series, minMinutes));
    const levels = expected.map((id) => {
      const own = open.get(id)!;
      const isUnused = own.count === 0;
      return { id, own, isUnused, connections: isUnused ? 0 : held(own), perSec: held(rates.get(id)) };
    });
    const broken = levels.find(({ connections, perSec }) => connections === null || perSec === null);
    if (broken !== undefined) {
      const { name } = broken.connections === null ? METRIC : METRICS.connectionCreationRate;
      return noData(`broker ${broken.id} ${brokenUp(name, minMinutes)}`);
    }
    const uses = levels.map(({ id, own, isUnused, connections, perSec }) => {
      const percent = Math.max((100 * connections!) / limits.connections, (100 * perSec!) / limits.newPerSec);
      return { id, percent, coverage: isUnused ? (traffic.byId.get(id)?.coverage ?? 0) : own.coverage };
    });
    const coverage = Math.min(...uses.map((use) => use.coverage));
    const factor = coverageFactor(coverage);
    if (factor === null) return tooThin(METRIC, coverage);
    const worst = largest(uses, ({ percent }) => percent)!;
    const rate = isPart
      ? `; new connections need the monitoring level ${METRICS.connectionCreationRate.level}`
      : ` and ConnectionCreationRate of ${limits.newPerSec}`;
    return {
      state: 'ok',
      value: worst.percent,
      confidence: isPart ? factor * THIN : factor,
      source: `${metricSource(METRIC, coverage, run)}, with IAM, held for ${minMinutes} min, of ${limits.connections} (${limits.source})${rate}, the fullest of ${uses.length} brokers`,
      worst: `broker ${worst.id}`,
    };
  },
});
