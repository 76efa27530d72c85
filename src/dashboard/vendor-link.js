import { html } from './html.js';
import { vendorName } from './vendor-name.js';

/** @import { ComponentChildren } from 'preact' */

/**
 * The vendor's own link among the terms of an event or alert; none when it is not one that a browser may follow.
 * @param {string} source
 * @param {string | undefined} url
 * @returns {readonly (readonly [string, ComponentChildren])[]}
 */
export const vendorLink = (source, url) =>
  url !== undefined && /^https?:\/\//i.test(url)
    ? [["The vendor's own", html`<a href=${url} rel="noreferrer" target="_blank">Open at ${vendorName(source)}</a>`]]
    : [];
