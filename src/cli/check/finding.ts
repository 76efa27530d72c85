/** One thing that was looked at. `missing`: it works without, but not all of it. */
export interface Finding {
  readonly result: 'ok' | 'warning' | 'missing' | 'skipped' | 'failed';
  readonly what: string;
  readonly detail: string;
}
