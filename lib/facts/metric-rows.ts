// Shorthand for the rows of the metric catalogue, and the pages they come from. AWS prints no units: those are of Dynatrace's
// list of the same metrics (2026-05-12) or follow from the description.
import type { MetricDefinition } from './metric-catalogue-types.ts';

/** Standard brokers; base table of 2022 with the additions of copies of 2024 and 2026, read 2026-11-20. */
export const MET_S = 'https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html';
/** Express brokers, read 2026-11-20. */
export const MET_E = 'https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details-express.html';
/** Serverless, read 2026-11-20. */
export const MET_SL = 'https://docs.aws.amazon.com/msk/latest/developerguide/serverless-monitoring.html';
/** The conditions under which lag is published, read 2026-11-20. */
export const LAG = 'https://docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html';
/** AWS's own skill for agents, 2026-08-20: what the tables leave out. */
export const SKILL =
  'https://github.com/aws/agent-toolkit-for-aws/tree/d6ad2e44d5e3077b85b63f322e007c84f94f3a6c/skills/specialized-skills/analytics-skills/managing-amazon-msk';

export const STANDARD = ['provisioned-standard'] as const;
export const EXPRESS = ['provisioned-express'] as const;
export const PROVISIONED = ['provisioned-standard', 'provisioned-express'] as const;
export const SERVERLESS = ['serverless'] as const;
export const EVERY_KIND = ['provisioned-standard', 'provisioned-express', 'serverless'] as const;

const CLUSTER = ['Cluster Name'] as const;
const BROKER = ['Cluster Name', 'Broker ID'] as const;
export const BROKER_TOPIC = ['Cluster Name', 'Broker ID', 'Topic'] as const;
export const TOPIC = ['Cluster Name', 'Topic'] as const;
export const GROUP_TOPIC = ['Cluster Name', 'Consumer Group', 'Topic'] as const;
export const GROUP_PARTITION = ['Cluster Name', 'Consumer Group', 'Topic', 'Partition'] as const;

type Statistic = MetricDefinition['statistic'];
type More = Partial<Omit<MetricDefinition, 'name' | 'statistic' | 'unit' | 'meaning'>>;

/** A row of one broker at the free level, Standard and Express, every 300 s; `more` says what is different. */
export function ofBroker(
  name: string,
  statistic: Statistic,
  unit: string,
  meaning: string,
  more: More = {},
): MetricDefinition {
  return {
    name,
    statistic,
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit,
    meaning,
    source: MET_S,
    ...more,
  };
}

/** As `ofBroker`, at the level PER_BROKER. */
export function ofPaidBroker(
  name: string,
  statistic: Statistic,
  unit: string,
  meaning: string,
  more: More = {},
): MetricDefinition {
  return ofBroker(name, statistic, unit, meaning, { level: 'PER_BROKER', ...more });
}

/** A row of the whole cluster at the free level: every broker emits it and only one knows, hence Maximum. */
export function ofCluster(name: string, unit: string, meaning: string, more: More = {}): MetricDefinition {
  return ofBroker(name, 'Maximum', unit, meaning, { dimensions: CLUSTER, ...more });
}

/** What makes the daily report ask for a row: how much it wants it, and the KPIs and checks that read it. */
export function kpi(...readBy: string[]): More {
  return { need: 'kpi', readBy };
}

export function check(...readBy: string[]): More {
  return { need: 'check', readBy };
}

export function evidence(...readBy: string[]): More {
  return { need: 'evidence', readBy };
}
