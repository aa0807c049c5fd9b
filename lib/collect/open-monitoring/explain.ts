// What a reader can do about a missing section: the one line that switches the exporters on, or lets us reach them. Written where the
// cluster is known; the collector inside the VPC knows neither its ARN nor its version.
import { type Collected, type Missing, missing } from '../../snapshot/collected.ts';
import { type CommandArg, renderCommand } from '../../text/command.ts';
import { BROKERS_GROUP } from '../brokers-group.ts';
import { EXPORTER_PORTS, EXPORTERS, type Exporter } from './exporters.ts';

const EXPORTERS_ON = '{"Prometheus":{"JmxExporter":{"EnabledInBroker":true},"NodeExporter":{"EnabledInBroker":true}}}';

/** What DescribeClusterV2 says of the exporters; null: the answer does not say. */
export interface ExporterSwitches {
  jmxExporter: boolean | null;
  nodeExporter: boolean | null;
}

export interface MonitoredCluster {
  arn: string;
  currentVersion: string | null;
}

/** The exporters that may be on, so that they are worth asking; with none there is nothing to collect. */
export function exportersOn({ jmxExporter, nodeExporter }: ExporterSwitches): Exporter[] {
  const isOn: Record<Exporter, boolean | null> = { jmx: jmxExporter, node: nodeExporter };
  return EXPORTERS.filter((exporter) => isOn[exporter] !== false);
}

/** The section of a cluster whose exporters are all off. */
export function switchedOff(cluster: MonitoredCluster): Missing {
  return missing('not-enabled', 'open monitoring with Prometheus is switched off', enableLine(cluster));
}

/** The section with the line that would help, where one does. `cluster` is null where Kafka is not on MSK. */
export function withFix<T>(section: Collected<T>, cluster: MonitoredCluster | null): Collected<T> {
  if (section.ok || section.fix !== undefined) return section;
  if (section.reason === 'unreachable') return missing(section.reason, section.detail, REACH_LINE);
  if (section.reason !== 'not-enabled' || cluster === null) return section;
  return missing(section.reason, section.detail, enableLine(cluster));
}

const CONDITIONS = 'the cluster must be ACTIVE; with KRaft or Express brokers not together with public access';

function enableLine({ arn, currentVersion }: MonitoredCluster): string {
  const version: CommandArg = currentVersion ?? { variable: 'CURRENT_VERSION' };
  const command = ['aws', 'kafka', 'update-monitoring', '--cluster-arn', arn, '--current-version', version];
  const argv = [...command, '--open-monitoring', EXPORTERS_ON];
  const line = renderCommand({ purpose: 'switch open monitoring on', effect: 'change', argv });
  return `${line ?? 'switch open monitoring with Prometheus on'} (${CONDITIONS})`;
}

const { jmx, node } = EXPORTER_PORTS;
const REACH_LINE =
  `allow TCP ${jmx} and ${node} in the brokers’ security group from here: aws ec2 authorize-security-group-ingress ` +
  `--group-id ${BROKERS_GROUP} --protocol tcp --port ${jmx}-${node} --source-group GROUP_OF_THIS_MACHINE`;
