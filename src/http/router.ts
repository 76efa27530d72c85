// Hono's trie router walks its tree and builds a list for every request. What it finds for a path without parameters
// never changes, so it is kept. (Hono's faster RegExpRouter refuses `/deliveries/retry` beside `/deliveries/:id/retry`.)
import type { Result, Router } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';

export const createRouter = <T>(): Router<T> => {
  const trie = new TrieRouter<T>();
  const fixedPaths = new Set<string>();
  /** By method and path: Node takes a few dozen methods, and of the paths only our own are kept. */
  const found = new Map<string, Result<T>>();
  return {
    name: 'TrieRouter, fixed paths kept',
    add(method, path, handler) {
      if (!/[:*?]/.test(path)) fixedPaths.add(path);
      found.clear();
      trie.add(method, path, handler);
    },
    match(method, path) {
      if (!fixedPaths.has(path)) return trie.match(method, path);
      const key = `${method} ${path}`;
      const result = found.get(key) ?? trie.match(method, path);
      found.set(key, result);
      return result;
    },
  };
};
