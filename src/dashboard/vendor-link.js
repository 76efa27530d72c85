import { html } from './html.js';

/** @import { ComponentChildren } from 'preact' */

/**
 * The vendor's own link among the terms of an event or alert; none when it is not one that a browser may follow.
 * @param {string | undefined} url
 * @returns {readonly (readonly [string, ComponentChildren])[]}
 */
export const vendorLink = (url) =>
  url !== undefined && /^https?:\/\//i.test(url)
    ? [["The vendor's own", html`<a href=${url} rel="noreferrer" target="_blank">Open at the vendor</a>`]]
    : [];
