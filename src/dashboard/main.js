// Starts the dashboard.
import { render } from 'preact';
import { AppView } from './app-view.js';
import { startClock } from './clock.js';
import { setTypeMeanings, setUnusualDecimals } from './headline.js';
import { html } from './html.js';
import { startKeys } from './keys-view.js';
import { startLive } from './live.js';
import { setup, startState } from './state.js';
import { startUpdate } from './update.js';
import { setPostingSources } from './vendor-name.js';

const root = document.getElementById('app');
if (!root) throw new Error('the document has no #app');
setPostingSources(setup.webhookSources);
setUnusualDecimals(setup.unusualDecimals);
setTypeMeanings(setup.typeMeanings);
startState();
startLive();
startUpdate();
startClock();
startKeys();
render(html`<${AppView} />`, root);
