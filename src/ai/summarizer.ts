// The port behind which a language model would stand: text in, a short summary and a severity out.
import type { Severity } from '../domain/event.ts';

export interface Summary {
  readonly summary: string;
  readonly severity: Severity;
}

export interface Summarizer {
  /** As the audit log names it. */
  readonly name: string;
  /** @param text redacted already: nothing else ever reaches a model */
  summarize(text: string): Promise<Summary>;
}
