// Vendors: how each one does, today and over 90 days.
import { useEffect } from 'preact/hooks';
import { addressOf } from './address.js';
import { AlertRow } from './alert-row.js';
import { listAlerts, readReport } from './api.js';
import { barWords, leadWords, marksOf, minutesWords } from './bars.js';
import { headlineOf } from './headline.js';
import { html } from './html.js';
import { useList } from './list.js';
import { Badge, Failed, Loading, Terms, Time, Vendor, ViewHead } from './parts.js';
import { plural } from './plural.js';
import { useResource } from './resource.js';
import { isUnknown, open, openAlerts, pages, setup } from './state.js';
import { vendorName } from './vendor-name.js';

/** @import { AlertView, LiveMessage, PageView, ReportView } from './types.ts' */

/** Every source that is known here, by its name: those that post, those that are read, those with something open. */
const sourcesOf = () =>
  [
    ...new Set([
      ...setup.webhookSources,
      ...(pages.data.value?.pages ?? []).map(({ source }) => source),
      ...open.value.map(({ source }) => source),
    ]),
  ].sort((a, b) => vendorName(a).localeCompare(vendorName(b)));

const barWidth = 900;

/** @param {{ report: ReportView, tall?: boolean }} props */
const Bar = ({ report: { days }, tall = false }) => {
  const height = tall ? 64 : 32;
  return html`<svg class="bar90" role="img" aria-label=${barWords(days)} viewBox=${`0 0 ${barWidth} ${height}`} preserveAspectRatio="none">
    ${marksOf(days, barWidth).map(
      ({ x, width, tone, label }) => html`<g>
        <rect class=${`day ${tone}`} x=${x.toFixed(2)} y="0" width=${width.toFixed(2)} height=${height}><title>${label}</title></rect>
        ${tone === 'critical' && html`<rect class="day-mark" x=${x.toFixed(2)} y="0" width=${width.toFixed(2)} height=${height / 4} />`}
      </g>`,
    )}
  </svg>`;
};

/** @param {{ source: string, condition: PageView['condition'] | undefined }} props */
const State = ({ source, condition }) => {
  const alerts = open.value.filter((alert) => alert.source === source);
  const worst = alerts[0]?.severity;
  if (isUnknown.value) return html`<p class="told-none">? Not known now</p>`;
  if (openAlerts.data.value === undefined) return html`<${Loading} />`;
  if (worst)
    return html`<p><${Badge} severity=${worst} /> ${plural(alerts.length, 'open alert')}, since <${Time} iso=${alerts[0]?.opened_at ?? ''} form="clock" /></p>`;
  if (condition === 'blind') return html`<p class="told-bad">✗ The status page cannot be read</p>`;
  if (condition === 'failing') return html`<p class="told-waiting">… The last read failed</p>`;
  return html`<p class="told-good">✓ Nothing open</p>`;
};

/** What posts its events has no outages that could be counted in minutes. @param {ReportView} report @returns {readonly (readonly [string, string])[]} */
const numbersOf = ({ source, totals: { critical_minutes: critical, warning_minutes: warning, alerts, lead } }) => [
  ...(setup.webhookSources.includes(source)
    ? []
    : [
        /** @type {const} */ (['Critical', minutesWords(critical)]),
        /** @type {const} */ (['Warning', minutesWords(warning)]),
      ]),
  ['Alerts', String(alerts)],
  ['Seen after', leadWords(lead.median_seconds_to_seen)],
  ['Notified after', leadWords(lead.median_seconds_to_notified)],
];

/** @param {LiveMessage} message */
const isAlert = ({ name }) => name === 'alert';

/** @param {string} source @param {PageView | undefined} page */
const readWords = (source, page) => {
  if (setup.webhookSources.includes(source)) return `${vendorName(source)} posts its events to this service.`;
  if (!page) return pages.data.value && 'Its status page is not read: no address is set for it.';
  if (page.last_good_at === null) return 'Its status page has not been read yet.';
  return html`Its status page was read <${Time} iso=${page.last_good_at} form="ago" />.`;
};

/** What is open lasts longer, and a day ends, although nothing changes. */
const reportMs = 300_000;

/** @param {string} source */
const useReport = (source) => {
  const report = useResource(() => readReport(source), source, isAlert);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) void report.refresh();
    }, reportMs);
    return () => clearInterval(timer);
  }, [report]);
  return report;
};

/** @param {{ source: string }} props */
const Card = ({ source }) => {
  const { data, error } = useReport(source);
  const page = pages.data.value?.pages.find((each) => each.source === source);
  return html`<li class="card vendor">
    <h2><a href=${addressOf('vendor', { id: source })} data-row>${vendorName(source)}</a></h2>
    <${State} source=${source} condition=${page?.condition} />
    <${Failed} error=${error.value} what="Its report" />
    ${data.value && html`<${Bar} report=${data.value} /><p class="bar-ends" aria-hidden="true"><span>90 days ago</span><span>today</span></p><${Terms} terms=${numbersOf(data.value)} />`}
    <p class="calm">${readWords(source, page)}</p>
  </li>`;
};

const Legend = () => html`<p class="legend">
  <span><span class="swatch critical"></span> critical</span> <span><span class="swatch warning"></span> warning</span>
  <span><span class="swatch none"></span> nothing</span> <span><span class="swatch unknown"></span> no record</span>
  <span class="calm">Days are in UTC. "Seen" and "Notified" are medians, from the start that the vendor gives.</span>
</p>`;

export const VendorsView = () => html`<${ViewHead} title="Vendors" />
  <${Failed} error=${pages.error.value} what="The state of the status pages" />
  <${Legend} />
  <ul class="cards vendors">${sourcesOf().map((source) => html`<${Card} key=${source} source=${source} />`)}</ul>`;

/** @param {{ alert: AlertView }} props */
const Past = ({ alert }) => html`<li>
  <${Badge} severity=${alert.severity} />
  <a href=${addressOf('alert', { id: alert.alert_id })} data-row><${Vendor}>${headlineOf(alert).title}</${Vendor}></a>
  <span class="calm"><${Time} iso=${alert.opened_at} form="clock" />${alert.resolved_at !== null && html` until <${Time} iso=${alert.resolved_at} form="clock" />`}</span>
</li>`;

/** @param {{ source: string }} props */
const History = ({ source }) => {
  const { data, error, More } = useList(
    async (part) => {
      const { alerts, next_cursor: next } = await listAlerts({ source, state: 'resolved', ...part });
      return { items: alerts, next };
    },
    source,
    isAlert,
  );
  const alerts = data.value?.items ?? [];
  return html`<section aria-labelledby="past">
    <h2 id="past">Ended</h2>
    <${Failed} error=${error.value} what="The list of alerts" />
    ${data.value && alerts.length === 0 && html`<p class="calm">No alert has ended.</p>`}
    <ul class="event-rows">${alerts.map((alert) => html`<${Past} key=${alert.alert_id} alert=${alert} />`)}</ul>
    <${More} of="alerts" />
  </section>`;
};

/** @param {{ source: string }} props */
export const VendorView = ({ source }) => {
  const { data, error } = useReport(source);
  const page = pages.data.value?.pages.find((each) => each.source === source);
  const alerts = open.value.filter((alert) => alert.source === source);
  const report = `sources/${encodeURIComponent(source)}/report`;
  return html`<p><a href=${addressOf('vendors')} data-back>← Vendors</a></p>
    <${ViewHead} title=${vendorName(source)} />
    <${State} source=${source} condition=${page?.condition} />
    ${page?.last_error && html`<p class="told-bad"><${Vendor}>${page.last_error}</${Vendor}></p>`}
    <p class="calm">${readWords(source, page)}</p>
    <${Failed} error=${error.value} what="Its report" />
    ${!data.value && error.value === null && html`<${Loading} />`}
    ${
      data.value &&
      html`<section aria-labelledby="report">
        <h2 id="report">The last 90 days</h2>
        <${Legend} />
        <${Bar} report=${data.value} tall />
        <p class="bar-ends" aria-hidden="true"><span>${data.value.from}</span><span>today</span></p>
        <${Terms} terms=${numbersOf(data.value)} />
        <p>The report as <a href=${`${report}?format=json`}>JSON</a> or <a href=${`${report}?format=csv`} download>CSV</a>.
          ${data.value.kept_since !== null && html` Kept since ${data.value.kept_since}.`}</p>
      </section>`
    }
    ${alerts.length > 0 && html`<section aria-labelledby="open"><h2 id="open">Open</h2><ol class="alerts">${alerts.map((alert) => html`<${AlertRow} key=${alert.alert_id} alert=${alert} />`)}</ol></section>`}
    <${History} source=${source} />`;
};
