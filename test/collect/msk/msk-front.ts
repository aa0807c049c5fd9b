// The control plane of one documented cluster, read by the real SDK client from a server that answers as a test says.

import * as v from 'valibot';
import { vi } from 'vitest';
import { parseClusterArn } from '../../../lib/collect/msk/cluster-arn.ts';
import type { ClusterReading } from '../../../lib/collect/msk/cluster-reading.ts';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  collectControlPlane,
} from '../../../lib/collect/msk/control-plane.ts';
import { createMskReader, type MskReader } from '../../../lib/collect/msk/msk-reader.ts';
import { SectionRun } from '../../../lib/collect/section-run.ts';
import { sectionsSchema } from '../../../lib/snapshot/schema.ts';
import { arnOf, type ClusterKind } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { kindAnswers } from '../../../sandbox/aws/msk/kind-answers.ts';
import { mskOperation } from '../../../sandbox/aws/msk/routes.ts';
import { type Answer, type AwsFront, startAwsFront } from '../aws-front.ts';

export const NOW_MS = Date.UTC(2026, 10, 20, 10, 0);

export interface MskFront extends AwsFront {
  /** Replaces answers; those that are not named are the kind's documented ones. */
  answer(kind: ClusterKind, changes?: Record<string, Answer>): void;
  /** The control plane as the product reads it; every section that it gives fits the schema. */
  collect(kind: ClusterKind, options?: ControlPlaneOptions & { deadlineMs?: number }): Promise<ControlPlane>;
  /** One section by its own function, for tests of many answers: no other call is made. */
  read<T>(kind: ClusterKind, read: (reading: ClusterReading) => Promise<T>): Promise<T>;
  /** Names of the operations called since the last `answer`. */
  called(): string[];
}

export async function startMskFront(): Promise<MskFront> {
  const kafka: Record<string, Answer> = {};
  const front = await startAwsFront({ kafka }, (service, method, url) =>
    service === 'kafka' ? mskOperation(method, url) : undefined,
  );
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const reader = await createMskReader({ region: 'us-east-1' });
  return {
    ...front,
    answer(kind, changes = {}) {
      Object.assign(kafka, kindAnswers(kind), changes);
      front.faults.clear();
      front.requests.length = 0;
    },
    collect(kind, { deadlineMs, ...options } = {}) {
      const read = async ({ arn, run }: ClusterReading) => {
        const sections = await collectControlPlane(reader, arn, run, () => {}, { nowMs: NOW_MS, ...options });
        v.parse(sectionsSchema, sections);
        return sections;
      };
      return inRun(reader, kind, read, deadlineMs);
    },
    read: (kind, read) => inRun(reader, kind, read),
    called: () => front.requests.map(({ operation }) => operation).sort(),
    close() {
      vi.unstubAllEnvs();
      return front.close();
    },
  };
}

async function inRun<T>(
  reader: MskReader,
  kind: ClusterKind,
  read: (reading: ClusterReading) => Promise<T>,
  deadlineMs = 10_000,
): Promise<T> {
  const run = new SectionRun(Date.now() + deadlineMs, { now: Date.now, progress: () => {} });
  try {
    return await read({ reader, arn: parseClusterArn(arnOf(kind)), run, nowMs: NOW_MS, isDescribed: true });
  } finally {
    run.release();
  }
}

/** The value of a section that was read; fails the test with the reason when it was not. */
export function readValue<T>(section: { ok: true; value: T } | { ok: false; detail: string }): T {
  if (!section.ok) throw new Error(`missing: ${section.detail}`);
  return section.value;
}

/** Paths of every field of an answer; a list stands for its first item. */
export function pathsOf(answer: object): string[] {
  return Object.entries(answer).flatMap(([key, inner]) => {
    if (Array.isArray(answer) && key !== '0') return [];
    const below = typeof inner === 'object' && inner !== null ? pathsOf(inner as object) : [];
    return [key, ...below.map((path) => `${key}.${path}`)];
  });
}

/** A copy of the answer without the field; from a list its first item is taken out. */
export function without<T extends object>(answer: T, path: string): T {
  return change(answer, path, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
}

/** A copy of the answer with another value of the field. */
export function withValue<T extends object>(answer: T, path: string, value: unknown): T {
  return change(answer, path, (parent, key) => {
    parent[key] = value;
  });
}

function change<T extends object>(answer: T, path: string, edit: (parent: any, key: string) => void): T {
  const copy = structuredClone(answer);
  const keys = path.split('.');
  const last = keys.pop()!;
  edit(
    keys.reduce((part: any, key) => part[key], copy),
    last,
  );
  return copy;
}
