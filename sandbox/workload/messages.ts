import type { Profile } from './shapes.ts';

/** What the sandbox asks of the workload's process; each request is answered by one reply with the same number. */
export type WorkloadRequest =
  | { kind: 'create-topics'; bootstrap: string; runId: string }
  | { kind: 'start'; bootstrap: string; profile: Profile; runId: string; seed: number }
  | { kind: 'stall'; groupId: string }
  | { kind: 'resume'; groupId: string }
  | { kind: 'burst'; topic: string; records: number }
  | { kind: 'stop' };

export interface NumberedRequest {
  number: number;
  request: WorkloadRequest;
}

export interface WorkloadReply {
  number: number;
  error?: string;
}
