import { expect, it } from 'vitest';
import { showRules } from '../../../src/domain/rules/show.ts';

const show = (tree: unknown) =>
  showRules(tree, {
    hidden: new Set(),
    placeOf: (path) => `rules.yaml:${path.length}`,
    presets: new Map([['github', { url: 'https://status.example' }]]),
  });

it('presets are shown with their addresses and rules with their places, and tests not at all', () => {
  const tree = {
    status_pages: { github: 'preset', acme: { url: 'https://acme.example' } },
    routes: [{ name: 'all' }],
    tests: [{ name: 'a test' }],
  };
  expect(show(tree)).toEqual({
    status_pages: { github: { url: 'https://status.example' }, acme: { url: 'https://acme.example' } },
    routes: [{ name: 'all', place: 'rules.yaml:2' }],
  });
});

it('what is not written as a section should be is shown as it stands', () => {
  expect(show({ status_pages: 'preset', routes: ['all'] })).toEqual({ status_pages: 'preset', routes: ['all'] });
  expect(show(['routes'])).toEqual({});
});
