import { expect, it } from 'vitest';
import { errorPage } from '../../src/http/html-page.ts';

it('what went wrong can neither begin a tag nor end an attribute, and is read back as it was', async () => {
  const detail = `<a href="x">Tom & 'Jo' &amp;</a>`;
  const page = await errorPage('', { status: 404, title: detail, detail, requestId: 'r' });
  const escaped = '&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jo&#39; &amp;amp;&lt;/a&gt;';
  expect(String(page)).toContain(`<h1>${escaped}</h1>\n<p>${escaped}.</p>`);
  expect(String(page)).toContain(`<title>${escaped} ·`);
});
