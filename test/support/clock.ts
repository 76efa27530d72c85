/** A clock that stands still until it is told to move. */
export interface Clock {
  readonly now: () => number;
  advance(ms: number): void;
  set(iso: string): void;
}

export const createClock = (iso = '2026-03-01T12:00:00.000Z'): Clock => {
  let ms = Date.parse(iso);
  return {
    now: () => ms,
    advance(by) {
      ms += by;
    },
    set(at) {
      ms = Date.parse(at);
    },
  };
};
