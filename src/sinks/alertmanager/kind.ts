import { type Kind, lengthMs } from '../kind.ts';
import { createAlertmanager } from './destination.ts';

export const alertmanagerKind: Kind<'alertmanager'> = ({ url, repeat = '1m' }, naming, { client, timeoutMs }) =>
  createAlertmanager({ ...naming, url, repeatMs: lengthMs(repeat), timeoutMs }, client);
