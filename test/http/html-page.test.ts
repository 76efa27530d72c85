import { expect, it } from 'vitest';
import { escapeHtml } from '../../src/http/html-page.ts';

it('a text between quotes can neither end them nor begin a tag, and is read back as it was', () => {
  expect(escapeHtml(`<a href="x">Tom & 'Jo' &amp;</a>`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jo&#39; &amp;amp;&lt;/a&gt;',
  );
});
