import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSilenceRequest } from '../../../src/domain/rules/silence-request.ts';
import { type StoredSilence, storedSilenceSchema } from '../../../src/domain/rules/silence-schema.ts';
import { compileSilence, readSpan, silenceState, silencing } from '../../../src/domain/rules/silences.ts';
import { aSubject, rulesOf } from '../../support/rules.ts';

const rules = rulesOf(`version: 1
timezone: Europe/Berlin
status_pages: { github: preset }
windows: { night: { from: "22:00", to: "07:00" } }
silences:
  - { when: { page: braze }, from: 2026-12-05T22:00, until: 4h, by: jo, because: Braze moves US-03 }
  - { when: { page: github }, from: 2020-01-01, until: 2020-01-02, because: long ago }
`);
const at = (text: string) => Date.parse(text);
const now = at('2026-11-26T12:00:00Z');

const silence = (stored: Partial<StoredSilence> = {}) =>
  compileSilence(
    {
      id: 's-1',
      origin: 'api',
      when: { page: 'github' },
      from: '2026-11-26T11:00:00.000Z',
      until: '2026-11-26T13:00:00.000Z',
      by: null,
      because: 'our own maintenance',
      alertIds: [],
      expired_at: null,
      ...stored,
    },
    rules,
  );

it("a file's silence has an end, an author, and an id that stays the same as long as it does", () => {
  const [planned, ended] = rules.silences;
  expect(planned).toMatchObject({
    origin: 'file',
    from: '2026-12-05T21:00:00.000Z',
    until: '2026-12-06T01:00:00.000Z',
    by: 'jo',
    because: 'Braze moves US-03',
    when: { written: { page: 'braze' } },
  });
  expect(planned?.id).toMatch(/^file-[0-9a-f]{16}$/);
  expect(planned && silenceState(planned, now)).toBe('planned');
  expect(planned && silenceState(planned, at('2026-12-05T23:00:00Z'))).toBe('active');
  expect(ended && silenceState(ended, now)).toBe('expired');
});

it.each([
  ['2026-11-26T10:59:59.999Z', 'planned'],
  ['2026-11-26T11:00:00Z', 'active'],
  ['2026-11-26T12:59:59.999Z', 'active'],
  ['2026-11-26T13:00:00Z', 'expired'],
])('at %s a silence from 11 to 13 is %s', (moment, state) => {
  expect(silenceState(silence(), at(moment))).toBe(state);
});

it('a silence that somebody ended is expired', () => {
  expect(silenceState(silence({ expired_at: '2026-11-26T11:30:00.000Z' }), now)).toBe('expired');
});

it('an active silence stops what it matches, and nothing else', () => {
  const silences = [silence({ id: 'a', when: { page: 'braze' } }), silence({ id: 'b' }), silence({ id: 'c' })];
  expect(silencing(silences, aSubject(), 'alert-1', now)?.id).toBe('b');
  expect(silencing(silences, aSubject({}, { page: 'spreedly' }), 'alert-1', now)).toBeNull();
  expect(silencing(silences, aSubject(), 'alert-1', at('2026-11-26T13:00:00Z'))).toBeNull();
});

it('a silence until resolved stops its alerts and no later one', () => {
  const bound = silence({ until: 'resolved', alertIds: ['alert-1'] });
  expect(silencing([bound], aSubject(), 'alert-1', now)).toBe(bound);
  expect(silencing([bound], aSubject(), 'alert-2', now)).toBeNull();
  expect(silencing([bound], aSubject(), null, now)).toBeNull();
  expect(silencing([bound], aSubject({}, { page: 'braze' }), 'alert-1', now)).toBeNull();
});

it('a silence until resolved lasts for as long as any silence may, and no longer', () => {
  const bound = silence({ until: 'resolved', alertIds: ['alert-1'] });
  expect(silenceState(bound, at('2026-12-03T10:59:59Z'))).toBe('active');
  expect(silenceState(bound, at('2026-12-03T11:00:00Z'))).toBe('expired');
});

it('a silence can hold in a window; a window that the rules no longer have is never active', () => {
  const quiet = silence({ when: { page: 'github', during: 'night' }, until: '2026-11-30T13:00:00.000Z' });
  expect(silencing([quiet], aSubject(), null, now)).toBeNull();
  expect(silencing([quiet], aSubject(), null, at('2026-11-26T23:00:00Z'))).toBe(quiet);
  const orphan = silence({ when: { during: 'gone' } });
  expect(silencing([orphan], aSubject(), null, now)).toBeNull();
});

const pages = ['braze', 'github'];
const request = (body: unknown) => readSilenceRequest(body, { rules, pages, nowMs: now });
const because = 'x';

it('a request is read with the time zone of the rules', () => {
  expect(request({ when: { page: 'braze' }, until: '2h', because, by: 'jo' })).toEqual({
    silence: {
      when: { page: 'braze' },
      from: '2026-11-26T12:00:00.000Z',
      until: '2026-11-26T14:00:00.000Z',
      by: 'jo',
      because,
    },
  });
  expect(
    request({ when: { page: 'braze' }, from: '2026-11-27T08:00', until: '2026-11-27T10:00', because }),
  ).toMatchObject({
    silence: { from: '2026-11-27T07:00:00.000Z', until: '2026-11-27T09:00:00.000Z', by: null },
  });
  expect(request({ when: { page: 'braze' }, until: 'resolved', because })).toMatchObject({
    silence: { until: 'resolved' },
  });
});

it.each([
  ['no body', null, { '': 'expected a map, got nothing' }],
  ['no end', { when: { page: 'braze' }, because }, { until: '"until" is missing' }],
  ['no reason', { when: { page: 'braze' }, until: '2h' }, { because: '"because" is missing' }],
  [
    'an end in the past',
    { when: { page: 'braze' }, from: '2026-11-25', until: '2026-11-26T10:00Z', because },
    { until: 'the end is in the past' },
  ],
  [
    'an end before the beginning',
    { when: { page: 'braze' }, from: '2026-11-27', until: '2026-11-26T18:00Z', because },
    { until: 'the silence ends before it begins' },
  ],
  [
    'too long a time',
    { when: { page: 'braze' }, until: '8d', because },
    { until: 'a silence lasts for 7d at most (max_silence in the rules file)' },
  ],
  ['no condition', { when: {}, until: '2h', because }, { when: 'a silence needs a condition' }],
  [
    'names that are not there',
    { when: { pgae: 'braze', page: 'brace', source: 'github', during: '!nights' }, until: '2h', because, reason: 'y' },
    {
      'when.pgae': 'unknown fact "pgae" (did you mean "page"?)',
      'when.page': 'there is no status page "brace" (did you mean "braze"?)',
      'when.source': 'there is no source "github" (did you mean "github_status"?)',
      'when.during': 'there is no window "nights" (did you mean "night"?)',
      reason: 'unknown key "reason"',
    },
  ],
])('a request with %s is refused', (_, body, errors) => {
  const result = request(body);
  const found = 'errors' in result ? result.errors.map(({ path, message }) => [path, message]) : [];
  expect(Object.fromEntries(found)).toEqual(errors);
});

it('a longer silence is allowed where the file says so', () => {
  const generous = rulesOf('version: 1\nmax_silence: 30d');
  expect(
    readSilenceRequest({ when: { page: 'braze' }, until: '30d', because }, { rules: generous, pages, nowMs: now }),
  ).toHaveProperty('silence');
  expect(
    readSilenceRequest({ when: { page: 'braze' }, until: '31d', because }, { rules: generous, pages, nowMs: now }),
  ).toHaveProperty('errors');
});

it('a silence goes from planned to active to expired, and never back', () => {
  const moment = fc.integer({ min: at('2026-11-26T00:00:00Z'), max: at('2026-11-27T00:00:00Z') });
  const order = ['planned', 'active', 'expired'];
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
      const states = [earlier, later].map((ms) => order.indexOf(silenceState(silence(), ms)));
      expect(states[0]).toBeLessThanOrEqual(states[1] ?? -1);
    }),
  );
});

it('a silence is read back as it was kept, and one that cannot be asked is refused', () => {
  const { endsAtMs: _, when, ...kept } = silence();
  const stored = { ...kept, when: when.written };
  expect(compileSilence(storedSilenceSchema.parse(JSON.parse(JSON.stringify(stored))), rules)).toMatchObject(kept);
  expect(storedSilenceSchema.safeParse({ ...stored, when: { colour: 'red' } }).success).toBe(false);
  expect(storedSilenceSchema.safeParse({ ...stored, when: {} }).success).toBe(false);
});

it.each([
  [{ from: 'soon', until: '2h' }, 'expected a time such as'],
  [{ from: '2026-12-05', until: 'later' }, 'expected a time such as'],
])('the span %j is refused', (written, problem) => {
  expect(readSpan(written, rules)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});
