// Vendors write these texts. Nobody may be able to write one that takes minutes.
import { expect, it } from 'vitest';
import { keywordSummarizer } from '../../src/ai/keywords.ts';
import { redact, replaceSecrets } from '../../src/ai/redact.ts';
import { redactJson } from '../../src/ai/redact-json.ts';
import { secretPatterns } from '../../src/ai/secret-patterns.ts';
import { growthOf } from '../support/growth.ts';

const size = 1_000_000;
/** What is quadratic takes minutes for as much. */
const patternSize = 400_000;
/** Linear time gives 4, quadratic time 16. */
const mostGrowth = 9;

/** The unit again and again, never in two pieces of a rope. */
const repeated = (unit: string, chars: number): string =>
  Buffer.from(unit.repeat(Math.ceil(chars / unit.length)))
    .toString()
    .slice(0, chars);

/** Beginnings of matches, runs of what a pattern repeats, and what nearly matches. */
const units = [
  ...['1 ', '1', '12-', '4242 4242 4242 424', '4242424242424242 ', 'a', 'A', ' ', '\n', '-', '.', '=', '@', '"'],
  ...['bearer', 'bearer ', 'bearer\t\n', 'Bearer ~', 'eyJ', 'eyJaaaaaaaa-', 'eyJaaaaaaaa.', 'eyJ.', '-eyJaaaaaaaa.b.'],
  ...[
    'sk_live_',
    'sk_live_a-',
    'whsec_',
    'whsec_a/',
    'AKIA',
    'AKIAAAAAAAAAAAAAAAA',
    'ghp_',
    'ghp_a',
    'github_pat_',
    'xoxb-',
  ],
  ...['api_key', 'api_key=', 'token : ', "secret':", 'password="', 'token=abcde,', 'secret     ', 'token='],
  ...['a@', 'a@b', 'a@b.', 'a.b@c-d.', 'a%+', '@a.', 'a.', 'a-', 'a_'],
];

it.each(secretPatterns.map((secret, at) => [`${at + 1} (${secret.kind})`, secret] as const))(
  'pattern %s takes about four times as long for a long text as for a quarter of it',
  (_, secret) => {
    const growths = units.map((unit) => {
      const growth = growthOf(patternSize, mostGrowth, (chars) => {
        const text = repeated(unit, chars);
        return () => replaceSecrets(text, secret, () => undefined);
      });
      return { unit, growth };
    });
    expect(growths.filter(({ growth }) => growth > mostGrowth)).toEqual([]);
  },
  180_000,
);

it('a pattern whose time is quadratic would be found', () => {
  const growth = growthOf(40_000, mostGrowth, (chars) => {
    const text = repeated('eyJaaaaaaaa-', chars);
    return () => text.replace(/\beyJ[A-Za-z0-9_-]{8,}\./g, '');
  });
  expect(growth).toBeGreaterThan(mostGrowth);
});

it.each([['A is down. '], ['down '], ['a. '], ['.'], ['! \n'], ['cannot '], ['all '], ['un resolved ']])(
  'a megabyte of %j is summarized in the time of its beginning',
  async (unit) => {
    const text = repeated(unit, size);
    expect(await keywordSummarizer.summarize(text)).toEqual(await keywordSummarizer.summarize(text.slice(0, 65_536)));
  },
);

it('the summarizer weighs each sentence once', async () => {
  // The longest sentence first, which was weighed again for each of the others.
  const text = (chars: number) => `${repeated('down ', chars / 2)}. ${repeated('It is. ', chars / 2)}`;
  const growth = growthOf(65_536, mostGrowth, (chars) => {
    const whole = text(chars);
    return () => keywordSummarizer.summarize(whole);
  });
  expect(growth).toBeLessThan(mostGrowth);
});

it('of a text over 64 Ki characters the beginning is redacted and kept', () => {
  const { text, counts } = redact(`${repeated('ask a@example.com ', 65_000)} 4242 4242 4242 4242 ${'x'.repeat(size)}`);
  expect(text.length).toBeLessThan(65_536);
  expect(text.endsWith('…')).toBe(true);
  expect(counts).toEqual({ email: 3611, card_number: 1 });
});

it.each(['4242 4242 4242 4242', `sk_${'live'}_${'a'.repeat(100)}`, 'jane.doe@example.com', `token=${'t'.repeat(500)}`])(
  'nothing is left of %.25s where the text is cut in the middle of it',
  (secret) => {
    for (let missing = 1; missing < secret.length; missing++) {
      const before = repeated('good words ', 65_536 - secret.length + missing);
      expect(redact(`${before.slice(0, -1)} ${secret}`).text).not.toMatch(/4242|sk_|jane|token/);
    }
  },
);

it('a long text in JSON is cut as well, and the rest of it is kept', () => {
  const { value } = redactJson({ body: repeated('1 ', size), id: 'inc_1' });
  expect(value).toEqual({ body: expect.stringMatching(/^[1 ]{60000,65536}…$/), id: 'inc_1' });
});
