// m5 brokers where the m7g of the same size can run: the list price is a little lower. Fewer brokers are another question, which only
// right-sizing may answer.
import { HOURS_PER_MONTH } from '../../analysis/cost.ts';
import { BROKER_SIZES, canRunGraviton, gravitonTwinOf } from '../../facts/broker-sizes.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { priceOf, saved } from '../shared/money.ts';
import { SIZE_CHANGE_RISK } from '../shared/size-up.ts';

export default defineCheck({
  id: 'graviton-available',
  area: 'cost',
  title: { pass: 'Brokers run on the current family', fail: 'Brokers of the older family m5' },
  why: 'm7g brokers of the same size cost a little less by the hour and have more network.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-broker-type.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no brokers to choose.',
    kafka: 'It is a question of broker types of MSK.',
  },
  needs: ['cluster'],
  mayUse: ['prices'],
  toleratesPartial: ['prices'],
  evaluate({ cluster, prices }, _, run) {
    if (cluster.kind === 'serverless') return { kind: 'not-applicable', because: 'MSK Serverless has no brokers.' };
    const { instanceType, brokerCount, kafkaVersion } = cluster;
    const twin = gravitonTwinOf(instanceType);
    const stay = (summary: string) => ({ kind: 'pass', summary, evidence: [] }) as const;
    if (twin === null)
      return stay(
        instanceType.startsWith('kafka.m5.')
          ? `MSK has no m7g of the size of ${instanceType}.`
          : `The brokers are ${instanceType}.`,
      );
    if (kafkaVersion === null)
      return { kind: 'no-data', because: 'Not measured: the Kafka version was not described.' };
    if (!canRunGraviton(kafkaVersion)) return stay(`Kafka ${kafkaVersion} does not run on m7g brokers.`);
    const [now, then] = [priceOf(prices, `broker/${instanceType}`), priceOf(prices, `broker/${twin}`)];
    if ('unknown' in now) return { kind: 'no-data', because: `Not measured: ${now.unknown}.` };
    if ('unknown' in then) {
      // A list that was read whole and lacks the size: the region does not have it.
      return prices.ok && prices.partial === undefined && prices.value.source === 'price-list-api'
        ? stay(`${twin} is not in the price list of ${prices.value.region}.`)
        : { kind: 'no-data', because: `Not measured: ${then.unknown}.` };
    }
    const usdPerHour = now.usd - then.usd;
    const quantity = brokerCount * HOURS_PER_MONTH;
    const sizes = [BROKER_SIZES[instanceType]!, BROKER_SIZES[twin]!] as const;
    const rows = [
      { type: instanceType, usd: now.usd, network: sizes[0].networkMiBPerSec, ebs: sizes[0].ebsMiBPerSec },
      { type: twin, usd: then.usd, network: sizes[1].networkMiBPerSec, ebs: sizes[1].ebsMiBPerSec },
    ];
    return conclude({
      findings:
        usdPerHour > 0
          ? [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: 'low',
                measured: quantity * usdPerHour,
                limit: null,
                unit: 'usdPerMonth',
                note: `${formatQuantity((100 * usdPerHour) / now.usd, 'percent')} of the list price`,
                confidence: 1,
              },
            ]
          : [],
      gap: null,
      evidence: [
        {
          title: 'The same size in both families',
          columns: [
            { key: 'type', label: 'Type', as: 'name' },
            { key: 'usd', label: 'An hour', as: 'usd' },
            { key: 'network', label: 'Network MiB/s', as: 'count' },
            { key: 'ebs', label: 'Storage MiB/s', as: 'count' },
          ],
          rows,
          source: `List prices of ${prices.ok ? prices.value.region : 'the region'}; Kafka ${kafkaVersion}`,
        },
      ],
      pass: `${twin} costs no less than ${instanceType} here.`,
      fail: ({ measured, note }) =>
        `${brokerCount} × ${instanceType} could be ${twin} for ${formatQuantity(measured, 'usdPerMonth')} less (${note}).`,
      recommend: () => ({
        action: `Change the brokers to ${twin} together with the next rolling restart that is due anyway`,
        confirmFirst:
          'Rule out that the region or one of its zones has no capacity for m7g, and that brokers are to be resized soon.',
        commands: awsKafka(run, 'update-broker-type', {
          purpose: `Change all brokers to ${twin}, one after the other, off peak`,
          effect: 'change',
          args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--target-instance-type', twin],
        }),
        risk: SIZE_CHANGE_RISK,
        expectedEffect:
          'The price falls by the difference of the lists, and the network has more room. More is not promised: whether fewer brokers do is judged on its own, from what is measured.',
        verifyAfter: 'CPU, produce latency and the broker lines of the bill over a week.',
        effort: 'rollingRestart',
        impact: saved(`${twin} instead of ${instanceType}`, quantity, 'broker-hours', usdPerHour),
      }),
    });
  },
});
