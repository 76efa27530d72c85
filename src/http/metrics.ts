/** What the HTTP side tells of itself, and where it gets the text of `GET /metrics`. */
export interface HttpMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** @param route the pattern that matched, never the path: a client can make up as many paths as it likes */
  answered(method: string, route: string, status: number, seconds: number): void;
  /** A signal was sent to us that did not pass its verification. */
  refused(source: string): void;
}
