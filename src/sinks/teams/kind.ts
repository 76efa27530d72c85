import type { Kind } from '../kind.ts';
import { createTeams } from './destination.ts';

export const teamsKind: Kind<'teams'> = ({ url }, naming, { agents, timeoutMs }) =>
  createTeams({ ...naming, url, timeoutMs }, agents);
