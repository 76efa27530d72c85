// Markup without a build step. Text goes in as text and nothing else: vendors' words are never read as markup.
import htm from 'htm';
import { h } from 'preact';

/**
 * htm keeps markup that never changes, and Preact hangs each drawn tree on it: a dashboard that is open for days would grow
 * with each change. 3 says that nothing is kept: https://github.com/developit/htm#caching
 * @this {unknown[]}
 * @param {Parameters<typeof h>} args
 */
function create(...args) {
  this[0] = 3;
  return h(...args);
}

export const html = htm.bind(create);
