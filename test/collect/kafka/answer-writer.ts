import { Writer } from '../../../lib/collect/kafka/protocol/writer.ts';

/** Where an answer says how long something is. */
export interface LengthField {
  at: number;
  kind: 'array' | 'string' | 'bytes';
  flexible: boolean;
}

const lengthFields = new WeakMap<Buffer, readonly LengthField[]>();

/** The length fields of an answer that an AnswerWriter wrote. */
export function lengthFieldsOf(answer: Buffer): readonly LengthField[] {
  return lengthFields.get(answer) ?? [];
}

/** A writer that remembers where it wrote lengths, so that tests can put lies in their place. */
export class AnswerWriter extends Writer {
  private readonly fields: LengthField[] = [];

  private note(kind: LengthField['kind']): void {
    this.fields.push({ at: super.finish().length, kind, flexible: this.flexible });
  }

  override nullableString(value: string | null): this {
    this.note('string');
    return super.nullableString(value);
  }

  override nullableBytes(value: Buffer | null): this {
    this.note('bytes');
    return super.nullableBytes(value);
  }

  override nullableArray<T>(items: readonly T[] | null, item: (value: T, writer: this, index: number) => void): this {
    this.note('array');
    return super.nullableArray(items, item);
  }

  override finish(): Buffer {
    const answer = super.finish();
    lengthFields.set(answer, this.fields);
    return answer;
  }
}
