import { expect, it } from 'vitest';
import { html } from '../../src/dashboard/html.js';

it('markup that never changes is made anew each time: kept, it would hold every tree that was ever drawn', () => {
  const draw = () => html`<p>Nothing waits.</p>`;
  expect(draw()).not.toBe(draw());
  expect(draw()).toMatchObject({ type: 'p', props: { children: 'Nothing waits.' } });
});
