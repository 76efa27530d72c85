// Asks the vendors, the store and the destinations whether they are there.
import type { Config } from '../../config/env.ts';
import { didYouMean } from '../../domain/rules/nearest.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { WrongUsage } from '../failures.ts';
import type { Io } from '../io.ts';
import { checkDestinations, openDestinations } from './destinations.ts';
import type { Finding } from './finding.ts';
import { checkPages, pagesToCheck } from './status-pages.ts';
import { checkStore } from './store.ts';

/**
 * @param only the name of one status page or destination; undefined for all, and the store
 * @throws {WrongUsage} when nothing has this name
 */
export const checkLive = async (
  config: Config,
  rules: Rules | null,
  only: string | undefined,
  io: Io,
): Promise<readonly Finding[]> => {
  const isMeant = ({ name }: { readonly name: string }): boolean => only === undefined || name === only;
  const pages = pagesToCheck(config, rules);
  const { destinations, close } = openDestinations(config, rules);
  const names = [...pages, ...destinations].map(({ name }) => name);
  try {
    if (only !== undefined && !names.includes(only))
      throw new WrongUsage(`no status page or destination is called "${only}"${didYouMean(only, names)}`);
    io.showProgress('reading the status pages');
    const ofPages = await checkPages(pages.filter(isMeant), config);
    io.showProgress('asking the store and the destinations');
    const ofStore = only === undefined ? [await checkStore(config.store.url)] : [];
    const ofDestinations = await checkDestinations(destinations.filter(isMeant), config.publicUrl, io.now);
    return [...ofPages, ...ofStore, ...ofDestinations];
  } finally {
    io.showProgress('');
    close();
  }
};
