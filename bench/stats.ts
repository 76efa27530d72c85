/** Figures of several rounds: their median, and the least and the most. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The value below which this share of the figures lies, by the nearest rank. */
export const percentile = (figures: readonly number[], share: number): number => {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

export const spreadOf = (figures: readonly number[]): Spread => ({
  median: percentile(figures, 0.5),
  least: Math.min(...figures),
  most: Math.max(...figures),
});

/** Round by round, for what disturbs one round disturbs both of its halves. */
export const ratioOf = (measured: readonly number[], beside: readonly number[]): Spread =>
  spreadOf(measured.map((figure, round) => figure / (beside[round] ?? Number.NaN)));
