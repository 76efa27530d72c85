import { expect, it } from 'vitest';
import type { Member, MemberRuling } from '../../src/domain/alert.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { compileSilence } from '../../src/domain/rules/silences.ts';
import { listSilence, stoppedBy } from '../../src/pipeline/listed-silence.ts';
import { aMember, anAlert } from '../support/builders.ts';
import { aSilence } from '../support/silences.ts';

const rules = environmentRules({ routeWarning: false, destinations: [] });
const silence = compileSilence(aSilence('s1', { alertIds: ['a'] }), rules);
const nowMs = Date.parse('2026-03-01T13:00:00.000Z');

it('a silence is listed as it was made, with what it binds to and what it was seen to stop, each once', () => {
  expect(listSilence(silence, ['b', 'a'], nowMs)).toEqual({
    id: 's1',
    origin: 'api',
    state: 'active',
    when: { page: 'acme' },
    from: '2026-03-01T12:00:00.000Z',
    until: '2026-03-01T14:00:00.000Z',
    by: null,
    because: 'They move',
    stopped: ['a', 'b'],
  });
});

const held: MemberRuling = {
  ...aMember().ruling,
  silenced_until: '2026-03-01T14:00:00.000Z',
  silenced_because: 'They move',
};
const over = { ended_at: '2026-03-01T12:30:00.000Z' };

it.each<[string, readonly Member[], boolean]>([
  ['whose event it holds back', [aMember({ ruling: held })], true],
  ['of which it holds back one of several', [aMember(), aMember({ event_id: '2', ruling: held })], true],
  ['whose event is over', [aMember({ ruling: held, ...over })], false],
  ['whose event another one holds back for longer', [aMember({ ruling: { ...held, silenced_until: 'later' } })], false],
  ['whose event another one holds back', [aMember({ ruling: { ...held, silenced_because: 'other' } })], false],
  ['whose event it holds back by its id', [aMember({ ruling: { ...held, silenced_by: 's1' } })], true],
  [
    'whose event another one of the same words and end holds back',
    [aMember({ ruling: { ...held, silenced_by: 's2' } })],
    false,
  ],
  ['that nothing holds back', [aMember()], false],
])('a silence stops an alert %s: %s', (_which, members, isStopped) => {
  expect(stoppedBy(silence, [anAlert({ members })])).toHaveLength(isStopped ? 1 : 0);
});
