// The tests of a rules file: what is given becomes an event, the rules are asked, and the answer is compared.
import type { Severity, UnifiedEvent } from '../event.ts';
import type { Facts } from '../facts.ts';
import { sourceOfPage } from '../status-page-name.ts';
import { parseAmount } from './amounts.ts';
import { reachesPeople } from './destination-schema.ts';
import { evaluate, type Ruling } from './evaluate.ts';
import { formatLength, parseLength } from './lengths.ts';
import type { Rules } from './rules.ts';
import { silencing } from './silences.ts';
import type { RulesTest } from './test-schema.ts';
import type { Subject } from './when.ts';
import { parseMoment } from './windows.ts';

/** The severity that the built-in tables give to what these facts say; undefined where they say too little. */
export type BuiltInSeverity = (facts: Facts) => Severity | undefined;

type Given = RulesTest['given'];
type Expected = RulesTest['expect'];

/** What a test got, in the words of `expect`. */
export interface Outcome {
  readonly severity: Severity;
  readonly sent: readonly string[];
  /** Who is told after the hold. */
  readonly held: readonly string[];
  readonly holdMs: number;
  readonly at_end_of_window: readonly string[];
  readonly silenced: boolean;
  readonly route: string | null;
  readonly because: string;
}

export interface TestResult {
  readonly name: string;
  /** One sentence for each expectation that was not met. */
  readonly failures: readonly string[];
  readonly outcome: Outcome;
}

const itemOf = ({ item, component, impact, components, page }: Given): Facts['item'] => {
  if (item !== undefined || page === undefined) return item;
  if (component !== undefined) return 'component';
  return impact !== undefined || components !== undefined ? 'incident' : undefined;
};

const factsOf = (given: Given): Facts => {
  const { source: _, kind, severity, service, summary, at, amount, ...facts } = given;
  const parsed = amount === undefined ? undefined : parseAmount(amount);
  const money = parsed?.ok ? { amount: parsed.value.minor, currency: parsed.value.currency.toLowerCase() } : {};
  const item = itemOf(given);
  return { ...money, ...facts, ...(item === undefined ? {} : { item }) };
};

const kindOf = (given: Given, { item }: Facts): UnifiedEvent['kind'] => {
  if (given.kind !== undefined) return given.kind;
  if (item === 'component' || item === 'page') return 'status';
  return given.page === undefined ? 'payment' : 'incident';
};

const eventOf = (given: Given, facts: Facts, builtIn: BuiltInSeverity): Subject['event'] => {
  const { page, component, status, type } = facts;
  const item = component === undefined ? undefined : `${component}: ${status ?? 'partial_outage'}`;
  return {
    source: given.source ?? (page === undefined ? 'stripe' : sourceOfPage(page)),
    kind: kindOf(given, facts),
    service: given.service ?? component ?? page ?? 'stripe',
    summary: given.summary ?? item ?? type ?? page ?? 'stripe',
    severity: given.severity ?? builtIn(facts) ?? 'warning',
  };
};

/** Test mode never reaches people. The environment's destination is taken for a real one. */
const isReached = (rules: Rules, { livemode }: Facts, name: string): boolean => {
  if (livemode !== false) return true;
  const settings = rules.destinations?.get(name);
  return settings !== undefined && !reachesPeople(settings);
};

const outcomeOf = (rules: Rules, given: Given, builtIn: BuiltInSeverity): Outcome => {
  const facts = factsOf(given);
  const subject: Subject = { event: eventOf(given, facts, builtIn), facts };
  const at = given.at === undefined ? undefined : parseMoment(given.at, rules.timezone);
  const nowMs = at?.ok ? at.value : null;
  // Beside a component, `impact` is the one of an open incident that names it.
  const { component: _, status: __, ...ofIncident } = facts;
  const named = facts.item === 'component' && facts.impact !== undefined;
  const ruling: Ruling = evaluate(rules, subject, {
    nowMs,
    incidentImpactSeverity: named ? builtIn({ ...ofIncident, item: 'incident' }) : undefined,
  });
  const ruled = { ...subject, event: { ...subject.event, severity: ruling.severity } };
  const silence = nowMs === null ? null : silencing(rules.silences, ruled, null, nowMs);
  const told = silence ? [] : ruling.send.filter((name) => isReached(rules, facts, name));
  return {
    severity: ruling.severity,
    sent: ruling.holdMs > 0 ? [] : told,
    held: ruling.holdMs > 0 ? told : [],
    holdMs: ruling.holdMs,
    at_end_of_window: ruling.windowEndsAtMs === null ? [] : ruling.atEndOfWindow,
    silenced: silence !== null,
    route: ruling.route?.name ?? null,
    because: silence ? `${ruling.because}; silenced: ${silence.because}` : ruling.because,
  };
};

const list = (names: readonly string[]): string => `[${names.join(', ')}]`;
const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  new Set([...a, ...b]).size === new Set(a).size && new Set(a).size === new Set(b).size;

const show = (value: unknown): string => (Array.isArray(value) ? list(value.map(String)) : String(value));

const heldAs = (expected: NonNullable<Expected['held']>, { held, holdMs }: Outcome): boolean => {
  if (typeof expected === 'boolean') return expected === held.length > 0;
  if (typeof expected !== 'string') return isSameSet(expected, held);
  const length = parseLength(expected);
  return length.ok && length.value === holdMs;
};

/** Beside `held: 5m` or `held: true`, `sent` is who is told after the hold. */
const sentAs = (expected: readonly string[], held: Expected['held'], outcome: Outcome): boolean => {
  if (isSameSet(expected, outcome.sent)) return true;
  return (typeof held === 'string' || held === true) && isSameSet(expected, outcome.held);
};

const gotHeld = ({ held, holdMs }: Outcome): string =>
  held.length === 0 ? 'nothing' : `${list(held)} for ${formatLength(holdMs)}`;

type Check = readonly [key: keyof Expected, isMet: boolean, got: string];

const checksOf = (expected: Expected, outcome: Outcome): readonly Check[] => {
  const { severity, sent, held, at_end_of_window: atEnd, silenced, route, because = '' } = expected;
  return [
    ['severity', severity === outcome.severity, outcome.severity],
    ['sent', sent !== undefined && sentAs(sent, held, outcome), list(outcome.sent)],
    ['held', held !== undefined && heldAs(held, outcome), gotHeld(outcome)],
    ['at_end_of_window', isSameSet(atEnd ?? [], outcome.at_end_of_window), list(outcome.at_end_of_window)],
    ['silenced', silenced === outcome.silenced, String(outcome.silenced)],
    ['route', route === outcome.route, String(outcome.route)],
    ['because', outcome.because.toLowerCase().includes(because.toLowerCase()), outcome.because],
  ];
};

const failuresOf = (expected: Expected, outcome: Outcome): readonly string[] =>
  checksOf(expected, outcome)
    .filter(([key, isMet]) => expected[key] !== undefined && !isMet)
    .map(([key, , got]) => `expected ${key} ${show(expected[key])}, got ${got}`);

/** Runs the tests of a file. None of them reads the clock. */
export const runTests = (
  rules: Rules,
  tests: readonly RulesTest[],
  builtInSeverity: BuiltInSeverity,
): readonly TestResult[] =>
  tests.map(({ name, given, expect }) => {
    const outcome = outcomeOf(rules, given, builtInSeverity);
    return { name, failures: failuresOf(expect, outcome), outcome };
  });
