type Graph = ReadonlyMap<string, readonly string[]>;

/** One cycle for each import that closes one, as the files on the way and the first again; empty when there is none. */
export const findCycles = (graph: Graph): readonly (readonly string[])[] => {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file]);
    if (at >= 0 || finished.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) walk(target);
    path.pop();
    finished.add(file);
  };
  for (const file of graph.keys()) walk(file);
  return cycles;
};
