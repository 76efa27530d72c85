// Whether the service has another version than the dashboard that is open: a tab stays open for days.
import { signal } from '@preact/signals';
import { html } from './html.js';
import { onLive } from './live.js';
import { setup } from './state.js';

/** Whether this dashboard is an old one. */
const isOld = signal(false);

/** Of the setup in the HTML. Trusted Types let nobody parse that. @param {string} markup */
const versionOf = (markup) => /&quot;version&quot;:&quot;([^&]*)/.exec(markup)?.[1];

/** What cannot be read, or is the form of /login, says nothing. */
const look = async () => {
  const markup = await fetch('./').then(
    (response) => response.text(),
    () => '',
  );
  const version = versionOf(markup);
  if (version !== undefined) isOld.value = version !== setup.version;
};

export const startUpdate = () => {
  // A service that was started again begins a new stream.
  onLive((messages) => {
    if (messages.some(({ name }) => name === 'ready' || name === 'reset')) void look();
  });
};

export const Update = () =>
  isOld.value
    ? html`<p class="notice" role="status">
        <span aria-hidden="true">!</span>
        <span>The service was updated, and this dashboard is older. <button type="button" class="quiet" onClick=${() => location.reload()}>Load it again</button></span>
      </p>`
    : null;
