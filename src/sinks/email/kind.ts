import { listOf } from '../../domain/rules/strict.ts';
import { isOn, type Kind, numberOf } from '../kind.ts';
import { createEmail } from './destination.ts';

const submissionPort = 587;
const submissionsPort = 465;

export const emailKind: Kind<'email'> = (settings, naming, { timeoutMs }) => {
  const { host, user = null, password = null, from, to } = settings;
  const port = numberOf(settings.port, isOn(settings.secure) ? submissionsPort : submissionPort);
  const secure = settings.secure === undefined ? port === submissionsPort : isOn(settings.secure);
  const insecure = isOn(settings.insecure);
  return createEmail({ ...naming, host, port, secure, insecure, user, password, from, to: listOf(to), timeoutMs });
};
