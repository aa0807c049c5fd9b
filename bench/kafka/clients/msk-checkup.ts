// Our collector, bundled as the Lambda's is: the core of one collection.
import { collectCore } from './collect-core.ts';
import { collecting, printFigures } from './figures.ts';

const brokers = (process.argv[2] ?? '').split(',');
const { kafkaOffsets } = await collecting(() => collectCore(brokers));
printFigures(kafkaOffsets);
