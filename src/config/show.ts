// How values are shown in the log and by check: whether a secret is set, and addresses without what may be one.
import { publicUrl } from '../lib/text.ts';

export const setOrNot = (secret: string | undefined): string => (secret === undefined ? 'not set' : 'set');

export const urlOrNull = (url: string | undefined): string | null => (url === undefined ? null : publicUrl(url));
