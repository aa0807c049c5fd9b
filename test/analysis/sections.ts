// Sections of a built snapshot as the analysis takes them.
import type { LoadInputs } from '../../lib/analysis/topic-load.ts';
import { type Collected, missing } from '../../lib/snapshot/collected.ts';
import type { SectionName, SectionValue } from '../../lib/snapshot/schema.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';

const ABSENT = missing('not-requested', 'not part of this run');

/** As a check gets it in `mayUse`. */
export function collected<N extends SectionName>(builder: SnapshotBuilder, name: N): Collected<SectionValue<N>> {
  return (builder.build().sections[name] as Collected<SectionValue<N>> | undefined) ?? ABSENT;
}

/** As a check gets it in `needs`. */
export function sectionOf<N extends SectionName>(builder: SnapshotBuilder, name: N): SectionValue<N> {
  const section = collected(builder, name);
  if (!section.ok) throw new Error(`section ${name} has no value in this snapshot`);
  return section.value;
}

export function loadInputs(builder: SnapshotBuilder): LoadInputs {
  return {
    kafkaTopics: collected(builder, 'kafkaTopics'),
    kafkaTopicConfigs: collected(builder, 'kafkaTopicConfigs'),
    kafkaOffsets: collected(builder, 'kafkaOffsets'),
    kafkaSamples: collected(builder, 'kafkaSamples'),
    kafkaLogDirs: collected(builder, 'kafkaLogDirs'),
  };
}
