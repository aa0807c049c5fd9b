// Connections with IAM authentication, and new ones a second, against what MSK allows a broker (K32). Beyond, clients are refused.
import { connectionsByBroker, hasIam, iamLimits } from '../../analysis/connection-use.ts';
import { brokenUp, heldLevel } from '../../analysis/held-level.ts';
import { minutesWhere, type TrustedSeries } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { NOT_SEEN_ELSEWHERE, QUOTAS_PAGE } from '../shared/load-words.ts';
import { compareLoads } from '../shared/metric-command.ts';
import { setOnBrokers } from '../shared/overrides.ts';
import { brokerSeries, coverageGap, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { windowHours } from '../shared/wording.ts';

const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'iam-connections-near-limit',
  area: 'capacity',
  title: { pass: 'IAM connections have room', fail: 'IAM connections near their limit' },
  why: 'Beyond the limit a broker refuses clients that authenticate with IAM, and a restart of all clients at once never ends.',
  references: [QUOTAS_PAGE],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'security', 'cluster', 'configuration', 'kafkaBrokerConfigs', 'kafkaGroups'],
  toleratesPartial: [
    'nodes',
    'kafkaBrokers',
    'security',
    'cluster',
    'configuration',
    'kafkaBrokerConfigs',
    'kafkaGroups',
  ],
  evaluate({ metrics, nodes, kafkaBrokers, security, kafkaGroups, ...config }, thresholds, run) {
    const { limitPercent, minMinutes, refusedMinutes, minCoveragePercent } = thresholds;
    const iam = hasIam(security, metrics);
    if (iam === false)
      return {
        kind: 'not-applicable',
        because: 'Clients of this cluster do not authenticate with IAM, whose limits these are.',
      };
    const limits = iamLimits(config);
    const connections = connectionsByBroker(metrics, undefined, 'IAM');
    const created = brokerSeries(metrics, METRICS.connectionCreationRate, run, { masked: false });
    const refused = brokerSeries(metrics, METRICS.iamTooManyConnections, run, { masked: false });
    const held = (all: ReadonlyMap<string, TrustedSeries>, id: string) => {
      const series = all.get(id);
      return series === undefined ? null : heldLevel(series, minMinutes);
    };
    const ids = [...new Set([...connections.keys(), ...created.keys(), ...refused.keys()])];
    const rows = ids.map((id) => {
      const [open, fresh] = [held(connections, id), held(created, id)];
      return {
        id,
        open,
        fresh,
        openPercent: open === null ? null : (100 * open) / limits.connections,
        freshPercent: fresh === null ? null : (100 * fresh) / limits.newPerSec,
        refusedMinutes: refused.has(id) ? minutesWhere(refused.get(id)!, (count) => count > 0) : 0,
      };
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const severity = severityFor(run, ['high', 'medium', 'low']);
    const findings = rows.flatMap((row): FindingDraft[] => {
      const common = { scope: 'broker', resource: row.id, severity, confidence: 1 } as const;
      const isByRate = (row.freshPercent ?? 0) > (row.openPercent ?? 0);
      const worst = Math.max(row.openPercent ?? 0, row.freshPercent ?? 0);
      const note = isByRate
        ? `${formatQuantity(row.fresh, 'countPerSec')} new connections of ${limits.newPerSec}`
        : `${formatQuantity(row.open, 'count')} connections of ${limits.connections}`;
      if (worst > limitPercent) return [{ ...common, measured: worst, limit: limitPercent, unit: 'percent', note }];
      if (row.refusedMinutes === 0 || row.refusedMinutes < refusedMinutes) return [];
      return [
        {
          ...common,
          measured: row.refusedMinutes,
          limit: refusedMinutes,
          unit: 'minutes',
          note: 'connections were refused',
        },
      ];
    });
    const isBroken = (all: ReadonlyMap<string, TrustedSeries>, level: number | null, id: string) =>
      level === null && (all.get(id)?.count ?? 0) > 0;
    const broken = rows.flatMap(({ id, open, fresh }) =>
      isBroken(connections, open, id)
        ? [`broker ${id} ${brokenUp('ClientConnectionCount with IAM', minMinutes)}`]
        : isBroken(created, fresh, id)
          ? [`broker ${id} ${brokenUp(METRICS.connectionCreationRate.name, minMinutes)}`]
          : [],
    );
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const top = rows.toSorted((a, b) => (b.openPercent ?? 0) - (a.openPercent ?? 0))[0];
    const members = kafkaGroups.ok ? kafkaGroups.value.flatMap((group) => group.members ?? []) : [];
    const hosts = new Set(members.map(({ host }) => host)).size;
    return conclude({
      findings,
      gap: firstGap(
        iam === null ? 'whether clients authenticate with IAM is not known' : null,
        coverageGap(connections, expected, 'ClientConnectionCount with IAM', minCoveragePercent),
        metricGap(metrics, METRICS.connectionCreationRate, created, expected, minCoveragePercent),
        broken[0] ?? null,
      ),
      evidence: [
        brokerTable(
          `IAM connections, held for ${formatQuantity(minMinutes, 'minutes')}`,
          ids,
          [
            ['open', 'Connections', 'count', (id) => byId.get(id)!.open],
            ['openShare', 'Of the limit', 'percent', (id) => byId.get(id)!.openPercent],
            ['all', 'Connections of any kind', 'count', quantileOf(connectionsByBroker(metrics), 0.95)],
            ['fresh', 'New', 'countPerSec', (id) => byId.get(id)!.fresh],
            ['freshShare', 'Of the limit', 'percent', (id) => byId.get(id)!.freshPercent],
            ['refused', 'Refused', 'minutes', (id) => byId.get(id)!.refusedMinutes],
          ],
          {
            source: `CloudWatch ClientConnectionCount and ConnectionCreationRate, Sum of a minute, IAMTooManyConnections, last ${windowHours(run)} h; limits ${limits.connections} (${limits.source}) and ${limits.newPerSec}/s (MSK's quota)${members.length === 0 ? '' : `; ${members.length} members of groups on ${hosts} hosts`}`,
          },
        ),
      ],
      pass: `The busiest broker, ${top?.id}, held ${formatQuantity(top?.open ?? null, 'count')} IAM connections of ${limits.connections} (limit ${percent(limitPercent)}).`,
      fail: ({ resource, measured, unit, note }) =>
        unit === 'minutes'
          ? `Broker ${resource} refused IAM connections for ${formatQuantity(measured, 'minutes')}.`
          : `Broker ${resource} is at ${percent(measured!)} of a limit on IAM connections: ${note}.`,
      recommend: () => {
        const raised = Math.ceil(limits.connections + limits.connections / 3);
        // More open connections make no room for more new ones a second.
        const areMany = rows.some(({ openPercent }) => (openPercent ?? 0) > limitPercent);
        const reuse = 'Reuse clients instead of opening new ones';
        const spread = 'spread restarts of many clients (jitter, reconnect.backoff.ms=1000)';
        return {
          action: areMany
            ? `${reuse}, ${spread}, and raise the limit on connections only then`
            : `${reuse}, and ${spread}`,
          confirmFirst:
            'Rule out a deployment or a crash loop that opens connections faster than usual, and clients that are never closed.',
          commands: areMany
            ? setOnBrokers(
                `Raise the connections with IAM that a broker takes from ${limits.connections} to ${raised}`,
                'listener.name.client_iam.max.connections',
                String(raised),
                config.kafkaBrokerConfigs,
              )
            : compareLoads(run, METRICS.connectionCreationRate),
          risk: `${areMany ? 'Every connection costs heap and CPU: watch HeapMemoryAfterGC. ' : ''}The limit on new connections a second cannot be raised.`,
          expectedEffect: 'Deployments and restarts of clients get in without being refused.',
          verifyAfter: 'IAMTooManyConnections is 0 and connections stay below the limit over a full day.',
          effort: 'clientChange',
          impact: { kind: 'none' },
        };
      },
    });
  },
});
