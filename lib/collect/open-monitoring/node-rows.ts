// Port 11002: Prometheus' node exporter under its own names.
import type { FigureName } from '../../snapshot/open-monitoring-figures.ts';
import { type FigureRow, type RateRow, rate, type SeriesMatch, type ShareRow } from './series.ts';

const CPU: SeriesMatch = { family: 'node_cpu_seconds_total', over: ['cpu', 'mode'] };

const cpuShare = (figure: FigureName, mode: string): ShareRow => {
  return { kind: 'share', figure, series: [{ ...CPU, labels: { mode } }], whole: CPU };
};
const devices = (kind: string, notDevice: RegExp) => {
  return (figure: FigureName, ...counters: string[]): RateRow =>
    rate(figure, {
      family: counters.map((counter) => `node_${kind}_${counter}_total`),
      over: ['device'],
      notDevice,
    });
};
/** Stacked devices count what the disks below them count. */
const disk = devices('disk', /^(?:dm-|md|loop|ram|sr)\d/);
const network = devices('network', /^(?:lo|docker|veth|br-|virbr)/);

export const NODE_ROWS: readonly FigureRow[] = [
  cpuShare('cpuIdlePercent', 'idle'),
  cpuShare('cpuIoWaitPercent', 'iowait'),
  cpuShare('cpuStealPercent', 'steal'),
  disk('diskReadBytesPerSec', 'read_bytes'),
  disk('diskWrittenBytesPerSec', 'written_bytes'),
  disk('diskReadsPerSec', 'reads_completed'),
  disk('diskWritesPerSec', 'writes_completed'),
  network('networkReceivedBytesPerSec', 'receive_bytes'),
  network('networkSentBytesPerSec', 'transmit_bytes'),
  network('networkErrorsPerSec', 'receive_errs', 'transmit_errs'),
  network('networkDropsPerSec', 'receive_drop', 'transmit_drop'),
];
