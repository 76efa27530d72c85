// Markup without a build step. Text goes in as text and nothing else: vendors' words are never read as markup.
import htm from 'htm';
import { h } from 'preact';

export const html = htm.bind(h);
