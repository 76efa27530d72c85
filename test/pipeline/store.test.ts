import { expect, it } from 'vitest';
import { store } from '../../src/pipeline/store.ts';
import { aManualResolve, anAbsence, anEvent, aSighting } from '../support/builders.ts';
import { aDraft } from '../support/draft.ts';

it("keeps the vendor's object as JSON", () => {
  expect(store.run(aDraft({ observation: aSighting({ raw: { id: '1', n: [1] } }) })).rawJson).toBe(
    '{"id":"1","n":[1]}',
  );
});

it("keeps the vendor's text where it is at hand", () => {
  const observation = aSighting({}, { rawJson: '{ "id": "1" }' });
  expect(store.run(aDraft({ observation })).rawJson).toBe('{ "id": "1" }');
});

it('keeps null where there is no object at all', () => {
  const observation = { ...aSighting(), event: { ...anEvent(), raw: undefined } };
  expect(store.run(aDraft({ observation })).rawJson).toBe('null');
});

it.each([anAbsence(), aManualResolve()])(
  'leaves the object that is stored for an observation without one',
  (observation) => {
    const draft = aDraft({ observation });
    expect(store.run(draft)).toBe(draft);
  },
);
