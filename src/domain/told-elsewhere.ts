// Open alerts that were told elsewhere than where people are told now: to a key or an address that is not configured any
// more, or to the mock, while somebody tried the service.
import type { Alert } from './alert.ts';
import { sinceLastEnd } from './cancel-unneeded.ts';
import { type Delivery, isTold } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { isMock, withTodaysTargets } from './legacy-targets.ts';
import { isOfPage } from './status-page-name.ts';

/**
 * What was told to a key or an address that is not configured any more. Nothing can be sent there, so its end will be
 * told to nobody there, and somebody has to close it. By the names that such destinations had.
 * @param open alerts that are open; a destination that reaches nobody needs no end
 */
export const toldElsewhere = (
  open: readonly Alert[],
  configured: readonly DestinationTraits[],
): ReadonlyMap<string, readonly Alert[]> => {
  const targets = new Set(configured.map(({ target }) => target));
  const told = open.flatMap((alert) => {
    const { deliveries } = withTodaysTargets(alert, configured);
    const away = deliveries.filter(
      (each) => each.reaches_people && !targets.has(each.target) && sinceLastEnd(deliveries, each.target).some(isTold),
    );
    return [...new Set(away.map(({ destination }) => destination))].map((destination) => ({ destination, alert }));
  });
  const groups = Map.groupBy(told, ({ destination }) => destination);
  return new Map([...groups].map(([destination, each]) => [destination, each.map(({ alert }) => alert)]));
};

const reachPeople = (destinations: readonly DestinationTraits[]): boolean =>
  destinations.some(({ reachesPeople }) => reachesPeople);

/** Whether it was told, and to nobody. */
const isToNobody = (deliveries: readonly Delivery[]): boolean => {
  const told = deliveries.filter(isTold);
  return told.length > 0 && !told.some((each) => each.reaches_people);
};

/**
 * Whether people must not be told of it although they can be reached now, until the vendor says more: payments of a time in
 * which there was only the mock to tell, which are facts of the past, and may be of a trial.
 */
export const isOfTrial = ({ deliveries, members }: Alert, configured: readonly DestinationTraits[]): boolean =>
  reachPeople(configured) &&
  deliveries.length > 0 &&
  deliveries.every(({ target, reaches_people: reachesPeople }) => isMock(target) && !reachesPeople) &&
  members.every(({ item }) => item === 'payment');

const isToNobodySinceItOpened = ({ deliveries, cycle }: Alert): boolean =>
  isToNobody(deliveries.filter((each) => each.cycle === cycle));

/** Its status page was removed, or has another name now: nothing ends it. @param sources of the status pages that are read */
const isOfUnreadPage = ({ source }: Alert, sources: readonly string[]): boolean =>
  isOfPage(source) && !sources.includes(source);

/**
 * Whether nobody was told, and nobody knows whether it goes on: its status page is not read any more.
 * @param sources of the status pages that are read
 */
export const isUnheardOf = (alert: Alert, sources: readonly string[]): boolean =>
  isOfUnreadPage(alert, sources) && isToNobodySinceItOpened(alert);

/** Open alerts that people were told of, and that no status page will end, by source. */
export const toldOfUnreadPages = (
  open: readonly Alert[],
  sources: readonly string[],
): ReadonlyMap<string, readonly Alert[]> =>
  Map.groupBy(
    open.filter(
      (alert) => isOfUnreadPage(alert, sources) && alert.deliveries.some((each) => each.reaches_people && isTold(each)),
    ),
    ({ source }) => source,
  );

/** Whether people were to be told since it opened, and were not, under a key or an address that is not configured any more. */
const wasRefusedElsewhere = (alert: Alert, configured: readonly DestinationTraits[]): boolean =>
  withTodaysTargets(alert, configured).deliveries.some(
    (each) =>
      each.action === 'trigger' &&
      each.cycle === alert.cycle &&
      each.reaches_people &&
      each.status === 'failed' &&
      !isTold(each) &&
      !configured.some(({ target }) => target === each.target),
  );

/** What goes on, and was told to nobody since it opened, or not to all, though people can be reached now. */
export const toldToNobody = (open: readonly Alert[], configured: readonly DestinationTraits[]): readonly Alert[] =>
  open.filter(
    (alert) =>
      reachPeople(configured) &&
      (isToNobodySinceItOpened(alert) || wasRefusedElsewhere(alert, configured)) &&
      !isOfTrial(alert, configured),
  );
