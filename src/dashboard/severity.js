// Severities in words and signs: colour is never all that tells them apart.

/** @import { Severity } from './types.ts' */

/** @type {Readonly<Record<Severity, { label: string, sign: string, rank: number }>>} */
export const severities = {
  critical: { label: 'Critical', sign: '▲', rank: 0 },
  warning: { label: 'Warning', sign: '◆', rank: 1 },
  info: { label: 'Info', sign: '○', rank: 2 },
};
