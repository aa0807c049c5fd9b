// Where the time of a request goes, as a table.
import type { PhaseName, PhaseShare } from '../../analysis/request-times.ts';
import type { Evidence } from '../check.ts';

const NAMES: Readonly<Record<PhaseName, string>> = {
  queue: 'Waiting for a request handler',
  local: 'At the leader (its log, its volume)',
  remote: 'Waiting for followers (what the others leave)',
  responseQueue: 'Waiting for a network thread',
  send: 'Sending the answer',
};

/** None where the phases are not published. */
export function phaseTable(shares: readonly PhaseShare[] | null, brokerId: string | undefined): Evidence[] {
  if (shares === null || brokerId === undefined) return [];
  return [
    {
      title: `Where the time goes on broker ${brokerId}`,
      columns: [
        { key: 'phase', label: 'Phase', as: 'name' },
        { key: 'ms', label: 'Mean', as: 'durationMs' },
        { key: 'share', label: 'Share', as: 'percent' },
      ],
      rows: shares.map(({ phase, ms, sharePercent }) => ({ phase: NAMES[phase], ms, share: sharePercent })),
      source: 'CloudWatch ...TimeMsMean by phase, means of the slower half of the periods',
    },
  ];
}
