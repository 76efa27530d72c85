import type { Kind } from '../kind.ts';
import { createTeams } from './destination.ts';

export const teamsKind: Kind<'teams'> = ({ url }, naming, { client, timeoutMs }) =>
  createTeams({ ...naming, url, timeoutMs }, client);
