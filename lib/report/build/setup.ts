// The shell lines that the commands of a report rest on: `$BOOTSTRAP`, `$CURRENT_VERSION`, `$ALARM_TOPIC_ARN` and the client's settings.
import type { SectionValue } from '../../snapshot/schema.ts';
import { type Command, renderCommand } from '../../text/command.ts';
import type { Report } from '../report.ts';
import { setupUse } from '../words.ts';

interface Listener {
  /** Key of the bootstrap section, and the field of GetBootstrapBrokers. */
  key: string;
  field: string;
  properties: readonly string[];
}

/** Preferred first. The IAM lines need aws-msk-iam-auth on the class path of the Kafka tools. */
const LISTENERS: readonly Listener[] = [
  {
    key: 'saslIam',
    field: 'BootstrapBrokerStringSaslIam',
    properties: [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=AWS_MSK_IAM',
      'sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;',
      'sasl.client.callback.handler.class=software.amazon.msk.auth.iam.IAMClientCallbackHandler',
    ],
  },
  {
    key: 'saslScram',
    field: 'BootstrapBrokerStringSaslScram',
    properties: [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-512',
      'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="<user>" password="<password>";',
    ],
  },
  { key: 'tls', field: 'BootstrapBrokerStringTls', properties: ['security.protocol=SSL'] },
  { key: 'plaintext', field: 'BootstrapBrokerString', properties: [] },
];

const ANY_LISTENER = `not_null(${LISTENERS.map(({ field }) => field).join(', ')})`;

function assigned(variable: string, argv: readonly string[]): string {
  const command = renderCommand({ purpose: '', effect: 'read', argv });
  return command === null ? `${variable}='<not known>'` : `${variable}=$(${command})`;
}

/** Written only where there is none: the reader may have one that works. */
function clientProperties(properties: readonly string[]): string {
  if (properties.length === 0) return '[ -e client.properties ] || : > client.properties';
  const written = renderCommand({ purpose: '', effect: 'read', argv: ['printf', '%s\\n', ...properties] });
  return `[ -e client.properties ] || ${written} > client.properties`;
}

/** Only what a command of this report uses. */
export function setupLines(
  commands: readonly Command[],
  cluster: Report['cluster'],
  bootstrap: SectionValue<'bootstrap'> | null,
): string[] {
  const uses = setupUse(commands);
  const listener = LISTENERS.find(({ key }) => bootstrap !== null && Object.hasOwn(bootstrap, key));
  const target = ['--cluster-arn', cluster.arn ?? '', ...(cluster.region === null ? [] : ['--region', cluster.region])];
  const fetch = (variable: string, verb: string, query: string) =>
    assigned(variable, ['aws', 'kafka', verb, ...target, '--query', query, '--output', 'text']);
  const lines: string[] = [];
  if (uses.bootstrap && cluster.arn === null) lines.push("BOOTSTRAP='<your bootstrap servers>'");
  if (uses.bootstrap && cluster.arn !== null) {
    lines.push(fetch('BOOTSTRAP', 'get-bootstrap-brokers', listener?.field ?? ANY_LISTENER));
  }
  if (uses.clientProperties) lines.push(clientProperties(listener?.properties ?? []));
  if (uses.currentVersion && cluster.arn !== null) {
    lines.push(fetch('CURRENT_VERSION', 'describe-cluster-v2', 'ClusterInfo.CurrentVersion'));
  }
  // Only the reader knows whom alarms should call.
  if (uses.alarmTopic) lines.push("ALARM_TOPIC_ARN='<ARN of the SNS topic for alarms>'");
  return lines;
}
