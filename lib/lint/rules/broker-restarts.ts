// What brokers and groups make of restarts and pauses, which MSK brings along with each patch.
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import type { Block, Draft, LintRule } from '../lint-types.ts';
import { isFalse, MSK_GUIDE, numeric, setting, severities, shown } from '../rule.ts';

const LIMITS = CONFIG_LIMITS.broker;

export const restartsFelt: LintRule = {
  id: 'restarts-felt',
  kinds: ['broker'],
  severity: severities('medium', 'low', 'info'),
  what: 'A restart or a pause that is felt for longer than it takes',
  why: 'leaders stay where a restart has put them; replicas leave the ISR, and groups rebalance, for each hiccup',
  right:
    'the defaults: auto.leader.rebalance.enable=true, replica.lag.time.max.ms=30000, group.initial.rebalance.delay.ms=3000',
  reference: `${MSK_GUIDE}/msk-default-configuration.html`,
  find(block): Draft[] {
    const rebalance = setting(block, 'auto.leader.rebalance.enable');
    return [
      ...(isFalse(rebalance)
        ? [
            {
              at: rebalance,
              message: `${shown(rebalance!)}: after each patch one broker leads next to nothing`,
              right: 'auto.leader.rebalance.enable=true',
            },
          ]
        : []),
      ...below(
        block,
        'replica.lag.time.max.ms',
        LIMITS.minReplicaLagTimeMs,
        'takes slow replicas out of the ISR early',
      ),
      ...below(
        block,
        'group.initial.rebalance.delay.ms',
        LIMITS.minInitialRebalanceDelayMs,
        'brings a rebalance for each member that starts',
      ),
    ];
  },
};

function below(block: Block, name: string, least: number, says: string): Draft[] {
  const found = numeric(block, name);
  return found === null || found.value >= least
    ? []
    : [{ at: found.at, message: `${shown(found.at)} ${says}`, right: `${name}=${least}`, milderBy: 1 }];
}
