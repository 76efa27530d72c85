import type { Kind } from '../kind.ts';
import { createIncidentIo } from './destination.ts';

export const incidentIoKind: Kind<'incident_io'> = ({ url, token }, naming, { agents, timeoutMs }) =>
  createIncidentIo({ ...naming, url, token, timeoutMs }, agents);
