import { hash, timingSafeEqual } from 'node:crypto';

/** Digests have one length, which comparing in constant time needs. */
const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Compared in a time that tells nothing of either. */
export const isSameSecret = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));
