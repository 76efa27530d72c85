-- Rows as schema version 5 had them, with bodies of version 2, as its own code wrote them.
INSERT INTO combinations (id, source, kind, severity, service, state, routed) VALUES
(1, '"stripe"', '"payment"', '"warning"', '"stripe"', '"resolved"', 'false'),
(2, '"acme_status"', '"incident"', '"critical"', '"acme"', '"open"', 'true');
INSERT INTO events (sequence, combination, revision, alert_key, scope_key, ongoing, alert_is_open, first_seen_at, last_seen_at, seen_count, body, history) VALUES
(1, 1, 2, NULL, NULL, NULL, 0, '2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z', 1, '{"record_version":2,"event":{"event_id":"evt_declined","source":"stripe","kind":"payment","severity":"warning","service":"stripe","summary":"payment_intent.payment_failed: pi_1","description":"Your card was declined.","started_at":"2026-03-01T11:00:00.000Z"},"facts":{"type":"payment_intent.payment_failed","object":"payment_intent","object_id":"pi_1","amount":1200,"currency":"eur","account":"acct_1"},"scope":"stripe:acct_1:pi_1","traits":{"item":"payment","name":"payment_intent.payment_failed"},"routing_reason":"Not sent.","request_id":"req-first"}', '{"at":"2026-03-01T12:00:00.000Z","change":"stored","request_id":"req-first"}
{"at":"2026-03-01T12:00:00.000Z","change":"routing_decided","request_id":"req-first","reason":"Not sent.","fields":{"routed":{"old":false,"new":false}}}
'),
(2, 2, 5, '"acme_status:component:c1"', NULL, 'acme_status', 0, '2026-03-01T12:01:00.000Z', '2026-03-01T12:04:00.000Z', 4, '{"record_version":2,"event":{"event_id":"acme_status:component:c1","source":"acme_status","kind":"incident","severity":"critical","service":"acme","summary":"Payments are down","description":"a\u0000b \ud800 \udc00 😀 ''\"\\ \r\n  %_","started_at":"2026-03-01T11:00:00.000Z"},"facts":{"page":"acme","item":"component","component":"a\u0000b \ud800 \udc00 😀 ''\"\\ \r\n  %_"},"scope":"acme_status","traits":{"item":"component","name":"a\u0000b \ud800 \udc00 😀 ''\"\\ \r\n  %_","components":["c1"],"group":"g","pageSize":7},"alert_id":"acme_status:component:c1","alerts_opened":1,"routed":true,"routing_reason":"Sent.","request_id":"req-first"}', '{"at":"2026-03-01T12:01:00.000Z","change":"stored","request_id":"req-first"}
');
INSERT INTO raws (event, body) VALUES
(1, '{"id":"evt_declined","amount":1200}'),
(2, '{"a\u0000b \ud800 \udc00 😀 ''\"\\ \r\n  %_":["a\u0000b \ud800 \udc00 😀 ''\"\\ \r\n  %_"]}');
INSERT INTO alerts (sequence, revision, alert_key, scope_key, source, severity, state, opened_at, resolved_at, wake_at, storm_key, body, history) VALUES
(1, 3, '"acme_status:component:c1"', '"acme_status"', 'acme_status', 'critical', 'open', '2026-03-01T12:01:00.000Z', NULL, NULL, NULL, '{"record_version":1,"alert_id":"acme_status:component:c1","scope":"acme_status","source":"acme_status","title":"Payments are down","severity":"critical","state":"open","opened_at":"2026-03-01T12:01:00.000Z","resolved_at":null,"reopened_at":[],"cycle":1,"members":[{"event_id":"acme_status:component:c1","subject":"acme_status:component:c1","kind":"incident","item":"incident","title":"Payments are down","name":null,"components":[],"group":null,"page_size":0,"severity":"critical","started_at":"2026-03-01T11:00:00.000Z","joined_at":"2026-03-01T11:30:00.000Z","ended_at":null,"test_mode":false,"attracts":true,"ruling":{"severity":"critical","send":[],"because":"Not sent, because nothing is.","hold_until":null,"silenced_until":null,"silenced_because":null,"at_end_of_window":[],"window_ends_at":null,"resolve_at":null}}],"uncounted":0,"related":[],"eased_since":null,"well_since":null,"first_look":false,"storm_until":null,"storm_since":null,"storm_key":null,"wake_at":null,"request_id":"req-first"}', '{"at":"2026-03-01T12:01:00.000Z","change":"opened","request_id":"req-first"}
{"at":"2026-03-01T12:01:00.000Z","change":"joined","request_id":"req-first","event_id":"acme_status:component:c1"}
');
INSERT INTO deliveries (alert, ordinal, id, target, destination, action, status, priority, due_at, created_at, body, attempts) VALUES
(1, 0, 'dlv_4dc54723fb0c93a367ae17a7bf051851', '"target-of-pagerduty"', '"pagerduty"', 'trigger', 'delivered', 1, NULL, '2026-03-01T11:30:00.000Z', '{"alert_id":"acme_status:component:c1","event_id":"acme_status:component:c1","event_ids":["acme_status:component:c1"],"destination":"pagerduty","target":"target-of-pagerduty","reaches_people":true,"action":"trigger","reason":"opened","severity":"critical","cycle":1,"ordinal":0,"request_id":"req-first","status":"delivered","id":"dlv_4dc54723fb0c93a367ae17a7bf051851","attempts":0,"last_error":null,"created_at":"2026-03-01T11:30:00.000Z","delivered_at":null,"next_attempt_at":"2026-03-01T11:30:00.000Z","attempt_started_at":null,"leased_until":null,"may_have_arrived":false}', '');
INSERT INTO states (key, body) VALUES
('"changes:lost"', '1'),
('"index:keys"', '0'),
('"index:words"', '0'),
('"sequence:alerts"', '0'),
('"sequence:events"', '0');
