import { type Missing, missing } from '../../snapshot/collected.ts';
import { counted } from './partial-line.ts';

const READ_FIX =
  'allow Read on the topics (MSK IAM: kafka-cluster:ReadData on topic/*; deployed: collector.readData: true), or leave ' +
  '--read-data and sampling.readData out';

/** The section when every partition was refused for want of READ on its topic; else null. */
export function refusedRead(request: string, rows: readonly { error: string | null }[]): Missing | null {
  if (rows.length === 0 || rows.some(({ error }) => error !== 'TOPIC_AUTHORIZATION_FAILED')) return null;
  const detail = `${request} was refused for ${counted(rows.length, 'partition')}: TOPIC_AUTHORIZATION_FAILED`;
  return missing('not-permitted', detail, READ_FIX);
}
