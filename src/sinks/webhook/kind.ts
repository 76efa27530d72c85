import { listOf } from '../../domain/rules/strict.ts';
import type { Kind } from '../kind.ts';
import { createWebhook } from './destination.ts';

export const webhookKind: Kind<'webhook'> = ({ url, secret }, naming, { client, timeoutMs }) =>
  createWebhook({ ...naming, url, secrets: listOf(secret), timeoutMs }, client);
