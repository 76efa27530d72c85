import { html } from 'hono/html';
import { htmlPage } from './html-page.ts';

export interface SignInPage {
  /** The base path, without a slash at its end. */
  readonly base: string;
  /** Where to go on, as `nextPath` gives it. */
  readonly next: string;
  readonly signedIn: boolean;
  /** What was wrong with the last try. */
  readonly problem?: string;
}

const signOut = (base: string) => html`<p>You are signed in.</p>
<form method="post" action="${base}/logout"><button>Sign out</button></form>`;

const alert = (problem: string) => html`<p id="problem" role="alert">Not signed in: ${problem}.</p>`;

const form = ({ base, next, problem }: SignInPage) => html`${problem === undefined ? '' : alert(problem)}
<form method="post" action="${base}/login">
<input type="hidden" name="next" value="${next}">
<label for="token">API token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus
  ${problem === undefined ? '' : html`aria-invalid="true" aria-describedby="problem"`}>
<button>Sign in</button>
<p>The <code>API_TOKEN</code> that this service was started with.</p>
</form>`;

/**
 * The page at `/login`, which needs no script. Its link to where one was going is there because a SameSite=Strict cookie
 * is not sent along when another site's link leads here, but is when our own does.
 */
export const signInPage = (page: SignInPage) =>
  htmlPage(
    page.base,
    'Sign in',
    html`<h1>Sign in</h1>
${page.signedIn ? signOut(page.base) : form(page)}
<p><a href="${page.base}${page.next}">${page.signedIn ? 'Go on' : 'Signed in already? Go on'}</a></p>`,
  );
