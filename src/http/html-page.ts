// Pages without a script, in the dashboard's style: signing in, and what went wrong.
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** @param base the base path, without a slash at its end */
export const htmlPage = (base: string, title: string, content: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · vendor-signals</title>
<link rel="icon" href="${base}/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/assets/base.css">
</head>
<body>
<header class="top"><a class="brand" href="${base}/">vendor-signals</a></header>
<main class="narrow">
${content}
</main>
</body>
</html>
`;

export interface ShownError {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
}

/** The page that tells a person what went wrong. */
export const errorPage = (base: string, { status, title, detail, requestId }: ShownError): Html =>
  htmlPage(
    base,
    title,
    html`<h1>${title}</h1>
<p>${detail.charAt(0).toUpperCase() + detail.slice(1)}.</p>
<p><a href="${base}/">To the dashboard</a> · <a href="${base}/docs">To the API's description</a></p>
<p class="calm">${status}, request id <code>${requestId}</code></p>`,
  );
