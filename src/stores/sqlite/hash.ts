import { hash } from 'node:crypto';

/** 48 bits of a text's hash, which a number holds. Two texts may have one hash, so the texts are compared too. */
export const hashOf = (text: string): number => Number.parseInt(hash('sha256', text, 'hex').slice(0, 12), 16);
