import type { Kind } from '../kind.ts';
import { createIncidentIo } from './destination.ts';

export const incidentIoKind: Kind<'incident_io'> = ({ url, token }, naming, { client, timeoutMs }) =>
  createIncidentIo({ ...naming, url, token, timeoutMs }, client);
