// What stands in the way of telling anybody, as sentences. An empty list is a promise: every way to a person is open.
import { plural } from './plural.js';
import { ago, duration } from './time.js';

/** @import { DestinationView, PageView, ReadinessView, RulesView } from './types.ts' */
/** @typedef {{ key: string, level: 'bad' | 'warn', text: string, view: 'deliveries' | 'rules' | 'vendors' | null, query?: Readonly<Record<string, string>> }} Trouble */

/** @param {ReadinessView | null} readiness @returns {readonly Trouble[]} */
const ofStore = (readiness) => {
  if (readiness?.checks.store?.ok !== false) return [];
  const text =
    'Nothing new can be stored: webhooks are answered 503, and nobody is told of what is new. The log says why (store.not_ready).';
  return [{ key: 'store', level: 'bad', text, view: null }];
};

const longestError = 160;
/** A vendor's answer may be long. @param {string} error */
const cut = (error) => (error.length > longestError ? `${error.slice(0, longestError)}…` : error);

/** @param {DestinationView} destination @param {number} nowMs */
const waitingWords = ({ waiting, oldest_waiting_at: oldest }, nowMs) => {
  if (waiting === 0) return 'Nothing waits for it.';
  const since = oldest === null ? '' : `, the oldest for ${duration(nowMs - Date.parse(oldest))}`;
  return `${plural(waiting, 'delivery waits', 'deliveries wait')}${since}.`;
};

/** @param {DestinationView} destination @param {number} nowMs @returns {readonly Trouble[]} */
const ofDestination = (destination, nowMs) => {
  const { name, state, last_error: error, last_success_at: success } = destination;
  if (state !== 'failing' && state !== 'paused') return [];
  const accepted =
    success === null ? 'It has never accepted anything.' : `It last accepted something ${ago(success, nowMs)}.`;
  const why = error === null ? '' : ` Last error: ${cut(error)}.`;
  const text = `${name} ${state === 'paused' ? 'is paused' : 'is failing'}. ${waitingWords(destination, nowMs)} ${accepted}${why}`;
  return [{ key: `destination ${name}`, level: 'bad', text, view: 'deliveries', query: { destination: name } }];
};

/** Those that could not be read, in one sentence: when a proxy fails, it is all of them. @param {readonly PageView[]} pages @param {number} nowMs @returns {readonly Trouble[]} */
const ofPages = (pages, nowMs) => {
  const blind = pages.filter(({ condition }) => condition === 'blind');
  const first = blind[0];
  if (!first) return [];
  const since = blind.flatMap(({ failing_since: at }) => (at === null ? [] : [at])).sort()[0];
  const sinceWords = since === undefined ? '' : ` for ${duration(nowMs - Date.parse(since))}`;
  const which =
    blind.length === 1
      ? `The status page of ${first.name} could not be read${sinceWords}`
      : `${blind.length} status pages could not be read${sinceWords} (${blind.map(({ name }) => name).join(', ')})`;
  const error = first.last_error === null ? '' : ` Last error: ${cut(first.last_error)}.`;
  return [
    { key: 'pages', level: 'bad', text: `${which}: an outage there would not be seen.${error}`, view: 'vendors' },
  ];
};

const oldAfterMs = 3_600_000;

/** Those that nobody reads, because polling is off. @param {readonly PageView[]} pages @param {number} nowMs @returns {readonly Trouble[]} */
const ofOldPages = (pages, nowMs) => {
  const old = pages.flatMap(({ name, condition, last_good_at: at }) =>
    condition !== 'blind' && at !== null && nowMs - Date.parse(at) > oldAfterMs ? [`${name} ${ago(at, nowMs)}`] : [],
  );
  if (old.length === 0) return [];
  const text = `Not read for more than an hour: the status page of ${old.join(', ')}.`;
  return [{ key: 'old', level: 'bad', text, view: 'vendors' }];
};

/** @param {RulesView | undefined} rules @returns {readonly Trouble[]} */
const ofRules = (rules) => {
  const load = rules?.last_load;
  if (!load || load.ok) return [];
  const text = `The newest rules file was refused (${plural(load.problems.length, 'problem')}). The rules before it are in effect.`;
  return [{ key: 'rules', level: 'bad', text, view: 'rules' }];
};

/** @param {readonly DestinationView[]} destinations @returns {readonly Trouble[]} */
const ofMock = (destinations) => {
  if (destinations.length === 0 || destinations.some(({ reaches_people: reaches }) => reaches)) return [];
  const text =
    'Nobody is notified: only the mock is configured. Set PAGERDUTY_ROUTING_KEY or a rules file with destinations.';
  return [{ key: 'mock', level: 'warn', text, view: 'rules' }];
};

const listWords = (/** @type {readonly string[]} */ names) => new Intl.ListFormat('en').format(names);

/**
 * @param {{ readiness: ReadinessView | null, destinations: readonly DestinationView[], pages: readonly PageView[], skipped: readonly string[], rules: RulesView | undefined }} known
 * @param {number} nowMs
 * @returns {readonly Trouble[]} the worst first
 */
export const troublesOf = ({ readiness, destinations, pages, skipped, rules }, nowMs) => [
  ...ofStore(readiness),
  ...destinations.flatMap((each) => ofDestination(each, nowMs)),
  ...ofPages(pages, nowMs),
  ...ofOldPages(pages, nowMs),
  ...ofRules(rules),
  ...ofMock(destinations),
  ...(skipped.length === 0
    ? []
    : [
        {
          key: 'skipped',
          level: /** @type {const} */ ('warn'),
          text: `Not read, because no address is set: the status ${skipped.length === 1 ? 'page' : 'pages'} of ${listWords(skipped)}.`,
          view: /** @type {const} */ ('vendors'),
        },
      ]),
];
