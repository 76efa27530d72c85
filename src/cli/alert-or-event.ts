// An id may be an alert's, an event's, or both: an alert has the id of the event that opened it.
import { CommandFailed } from './failures.ts';
import { type Service, ServiceRefused } from './service.ts';

const isMissing = (error: unknown): boolean => error instanceof ServiceRefused && error.status === 404;

/** Asks for the alert of this id, or else for the event. */
export const askForEither = async (
  service: Service,
  method: 'GET' | 'POST',
  id: string,
  options: { readonly onlyEvent: boolean; readonly path?: string; readonly json?: unknown },
): Promise<{ readonly kind: 'alert' | 'event'; readonly answer: unknown }> => {
  const { onlyEvent, path = '', json } = options;
  const end = `${encodeURIComponent(id)}${path}`;
  if (!onlyEvent) {
    try {
      return { kind: 'alert', answer: await service.ask(method, `/alerts/${end}`, { json }) };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  try {
    const query = method === 'GET' ? '?raw=none' : '';
    return { kind: 'event', answer: await service.ask(method, `/events/${end}${query}`, { json }) };
  } catch (error) {
    if (isMissing(error)) throw new CommandFailed(`no ${onlyEvent ? '' : 'alert or '}event with this id is stored`);
    throw error;
  }
};

export const eventOption = {
  type: 'boolean',
  about: 'The event of this id, where an alert has the same.',
} as const;
