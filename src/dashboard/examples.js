// Payloads for the what-if form, as a vendor would send them.

/** @typedef {{ kind: 'component' | 'incident' | 'stripe', page: string, pageId?: string | null, name: string, status: string }} Example `pageId`: the vendor's own, where it is known */

/** What the form offers to choose from for each kind. */
export const statuses = /** @type {const} */ ({
  component: ['major_outage', 'partial_outage', 'degraded_performance', 'under_maintenance'],
  incident: ['critical', 'major', 'minor', 'none'],
  stripe: ['payout.failed', 'payment_intent.payment_failed', 'charge.dispute.created', 'account.updated'],
});

/**
 * @param {Example} example
 * @param {number} nowMs
 * @returns {object} a Stripe event, or a status page's `summary.json`
 */
export const examplePayload = ({ kind, page, pageId, name, status }, nowMs) => {
  const at = new Date(nowMs).toISOString();
  if (kind === 'stripe')
    return {
      id: 'evt_what_if',
      object: 'event',
      type: status,
      created: Math.floor(nowMs / 1000),
      livemode: true,
      data: { object: { id: 'po_what_if', object: 'payout', amount: 1200000, currency: 'eur', failure_message: name } },
    };
  const isComponent = kind === 'component';
  return {
    // Under another id it would be another customer's status page, of which nothing is used.
    page: { id: pageId ?? page, name: page, updated_at: at },
    components: [
      { id: 'what_if', name: isComponent ? name : 'API', status: isComponent ? status : 'operational', updated_at: at },
    ],
    incidents: isComponent
      ? []
      : [
          {
            id: 'what_if',
            name,
            status: 'investigating',
            impact: status,
            started_at: at,
            updated_at: at,
            resolved_at: null,
          },
        ],
  };
};
