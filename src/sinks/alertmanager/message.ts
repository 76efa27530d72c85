// An alert as Alertmanager's API v2 takes it. Labels are its identity and never change; all else is an annotation.
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
import { toIso } from '../../lib/time.ts';
import type { SendRequest } from '../destination.ts';
import { factFields, noticeOf } from '../notice.ts';
import { alertUrl, clean, linksOfEvent } from '../wording.ts';

const labelOf = (text: string): string => clean(text, 1024);

const isLater = (time: string, than: string): boolean => Date.parse(time) > Date.parse(than);

/**
 * @param holdMs how long an open alert is valid without being sent again: as Prometheus does, four times the interval
 */
export const toPostableAlert = (request: SendRequest, nowMs: number, holdMs: number): unknown => {
  const { alert, delivery } = request;
  const notice = noticeOf(request);
  const isOver = delivery.action === 'resolve';
  const endedAt = alert.resolved_at ?? toIso(nowMs);
  const vendorUrl = linksOfEvent(request.about)[0]?.href;
  const generatorUrl = alertUrl(request) ?? notice.links[0]?.href;
  return {
    labels: {
      alertname: 'VendorSignals',
      alert_id: labelOf(delivery.key ?? alert.alert_id),
      source: labelOf(alert.source),
    },
    annotations: {
      summary: notice.title,
      severity: notice.severity,
      state: notice.state,
      news: notice.news,
      ...(notice.why !== null && { why: notice.why }),
      ...(notice.description !== null && { description: notice.description }),
      ...(vendorUrl !== undefined && { vendor_url: vendorUrl }),
      ...factFields(notice),
    },
    startsAt: alert.opened_at,
    // An end before its beginning is refused.
    endsAt: isOver
      ? isLater(endedAt, alert.opened_at)
        ? endedAt
        : toIso(Date.parse(alert.opened_at) + 1)
      : toIso(nowMs + holdMs),
    ...(generatorUrl !== undefined && { generatorURL: generatorUrl }),
  };
};
