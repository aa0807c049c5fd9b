// The two streams of a command: the result, and what a person may watch meanwhile.

export interface Io {
  /** The result: what a program or a pipe takes. */
  out(text: string): void;
  /** Progress and complaints. */
  err(text: string): void;
  /** Colour may be used on the result. */
  color: boolean;
  /** Width of the terminal, 80 where there is none. */
  columns: number;
  /** A person watches the progress. */
  interactive: boolean;
  signal: AbortSignal;
}
