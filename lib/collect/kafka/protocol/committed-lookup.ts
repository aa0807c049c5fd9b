import type { CommittedGroup, CommittedOffsets, TopicRun } from './committed-offsets.ts';

interface Place {
  committed: CommittedOffsets;
  group: CommittedGroup;
}

/** Finds single offsets in what several coordinators answered; fastest when asked group by group and topic by topic. */
export class CommittedLookup {
  private readonly places: ReadonlyMap<string, Place>;
  private place: Place | undefined;
  private runs = new Map<string, TopicRun>();
  private run: TopicRun | undefined;
  private positions = new Map<number, number>();

  constructor(answers: readonly CommittedOffsets[]) {
    this.places = new Map(
      answers.flatMap((committed) => committed.groups.map((group) => [group.groupId, { committed, group }] as const)),
    );
  }

  /** As CommittedOffsets.offsetAt; null also for what is in none of the answers. */
  offset(groupId: string, topic: string, partition: number): string | null {
    this.turnTo(groupId, topic);
    const position = this.positions.get(partition);
    return position === undefined ? null : (this.place?.committed.offsetAt(position) ?? null);
  }

  private turnTo(groupId: string, topic: string): void {
    const place = this.places.get(groupId);
    if (place !== this.place) {
      this.place = place;
      this.runs = new Map(place?.committed.topicsOf(place.group).map((run) => [run.topic, run]));
    }
    const run = this.runs.get(topic);
    if (run === this.run) return;
    this.run = run;
    this.positions = new Map();
    for (let position = run?.from ?? 0; position < (run?.to ?? 0); position++) {
      this.positions.set(place?.committed.partitionAt(position) ?? -1, position);
    }
  }
}
