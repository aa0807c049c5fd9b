// Socket buffers of the brokers: too small for the way to other zones, or so large that connections take gigabytes.
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import {
  numbersWhere,
  readSettings,
  SETTING_SECTIONS,
  settingsTable,
  TOLERATED,
  whereInForce,
} from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const KEYS = ['socket.send.buffer.bytes', 'socket.receive.buffer.bytes'] as const;
/** The operating system sizes them by itself. */
const BY_SYSTEM = -1;
const bytes = (value: number) => formatQuantity(value, 'bytes');

export default defineCheck({
  id: 'socket-buffers-odd',
  area: 'broker-config',
  title: { pass: 'Socket buffers of a sound size', fail: 'Socket buffers too small or too large' },
  why: 'A small buffer caps what one connection carries over a long way; a large one takes its memory from the page cache.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_socket.send.buffer.bytes',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless has no broker settings.' },
  needs: [],
  mayUse: SETTING_SECTIONS,
  toleratesPartial: TOLERATED,
  evaluate(inputs, thresholds, run) {
    const { found, gap } = readSettings(KEYS, inputs);
    const odd = KEYS.flatMap((key) => {
      const setting = found.get(key);
      const [worst] = numbersWhere(
        setting,
        (value) => value !== BY_SYSTEM && (value < thresholds.minBytes || value > thresholds.maxBytes),
      );
      return setting === undefined || worst === undefined ? [] : [{ key, setting, worst }];
    });
    return conclude({
      findings: odd.map(
        ({ key, setting, worst }): FindingDraft => ({
          scope: 'cluster',
          resource: key,
          severity: severityFor(run, ['low', 'info', 'info']),
          measured: worst.number,
          limit: worst.number > thresholds.maxBytes ? thresholds.maxBytes : thresholds.minBytes,
          unit: 'bytes',
          note: `${setting.source}${whereInForce(setting, worst)}`,
          confidence: setting.confidence,
        }),
      ),
      gap,
      evidence: [settingsTable('Socket buffers', [...found.values()])],
      pass: `Both are between ${bytes(thresholds.minBytes)} and ${bytes(thresholds.maxBytes)}, or left to the system.`,
      fail: (worst) =>
        `${worst.resource} is ${bytes(worst.measured!)}, where ${bytes(thresholds.minBytes)} to ${bytes(thresholds.maxBytes)} are sound.`,
      recommend: () => ({
        action: `Take ${listed(odd.map(({ key }) => key))} out, so that the default holds, or set -1 to leave it to the system`,
        confirmFirst: `Rule out clients in another region or on premises, for which 1 MiB was chosen with care. ${CONFIRM_CONFIG}`,
        commands: applyConfiguration(
          odd.map(({ key }) => `no ${key}`),
          inputs.configuration,
          run,
        ),
        risk: `Memory of a large buffer is taken once a connection. ${RESTART_RISK}`,
        expectedEffect: 'Connections carry what the way allows, without holding memory for it.',
        verifyAfter: 'The brokers answer the default or -1.',
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});
