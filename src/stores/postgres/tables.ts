// The tables as they are: a step of `migrations.ts`, in two parts between which the rows of the version before are written.
//
// Times are the ISO texts that they are, and compare byte by byte. A text of any length is found by its hash, since no
// index takes more than some 2700 bytes. All JSON is `text`: `jsonb` would refuse an escaped NUL and reorder keys.

export const alertsAndFacts = `
  ALTER TABLE events RENAME TO events_before;
  ALTER TABLE deliveries RENAME TO deliveries_before;
  ALTER TABLE history RENAME TO history_before;
  ALTER TABLE attempts RENAME TO attempts_before;

  -- Each column but id and key is named like the filter that it is for, and holds the value as JSON.
  CREATE TABLE combinations (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL UNIQUE,
    source text NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    service text NOT NULL,
    state text NOT NULL,
    routed text NOT NULL
  );

  CREATE TABLE events (
    sequence bigint PRIMARY KEY,
    -- The transaction of the last change that is told.
    changed_xid xid8 NOT NULL,
    seen_count bigint NOT NULL,
    event_hash uuid NOT NULL UNIQUE,
    alert_hash uuid,
    -- Its scope, where it ends others.
    ends_scope uuid,
    combination integer NOT NULL,
    -- The vendor has still to tell that it is over.
    is_ongoing boolean NOT NULL,
    alert_is_open boolean NOT NULL,
    first_seen_at text COLLATE "C" NOT NULL,
    -- In no index, like seen_count: a sighting then changes none, and that is the commonest change of all.
    last_seen_at text COLLATE "C" NOT NULL,
    -- A number for each word under which it is found.
    words integer[] NOT NULL,
    body text NOT NULL,
    history text NOT NULL
  );
  CREATE TABLE raws (
    event bigint PRIMARY KEY,
    body text NOT NULL
  );

  CREATE SEQUENCE alerts_sequence;
  CREATE TABLE alerts (
    sequence bigint PRIMARY KEY,
    changed_xid xid8 NOT NULL,
    alert_hash uuid NOT NULL UNIQUE,
    scope_hash uuid NOT NULL,
    storm_hash uuid,
    is_open boolean NOT NULL,
    severity text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    -- As JSON.
    scope text NOT NULL,
    -- In the order of arrival, for a clock may step; the body has the clock's time.
    opened_at text COLLATE "C" NOT NULL,
    resolved_at text COLLATE "C",
    wake_at text COLLATE "C",
    body text NOT NULL,
    history text NOT NULL
  );
  CREATE TABLE deliveries (
    alert bigint NOT NULL,
    -- In the alert's own list.
    place integer NOT NULL,
    priority integer NOT NULL,
    id text COLLATE "C" NOT NULL,
    target_hash uuid NOT NULL,
    -- As JSON, like the destination.
    target text COLLATE "C" NOT NULL,
    destination text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    due_at text COLLATE "C",
    created_at text COLLATE "C" NOT NULL,
    body text NOT NULL,
    attempts text NOT NULL,
    PRIMARY KEY (alert, place)
  );

  CREATE FUNCTION expect_rows(updated bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF updated <> expected THEN
        RAISE EXCEPTION 'a row changed since it was read' USING ERRCODE = 'serialization_failure';
      END IF;
    END
  $$;
`;

/** What exists is indexed at once, which takes a fraction of the time. */
export const alertsAndFactsIndexes = `
  DROP TABLE deliveries_before, history_before, attempts_before, events_before;
  DROP FUNCTION deliveries_first_seen_at();

  CREATE INDEX events_by_time ON events (first_seen_at, sequence);
  CREATE INDEX events_by_change ON events (changed_xid, sequence);
  CREATE INDEX events_by_combination ON events (combination, sequence);
  CREATE INDEX events_by_alert ON events (alert_hash, sequence) WHERE alert_hash IS NOT NULL;
  CREATE INDEX events_by_ended_scope ON events (ends_scope, sequence) WHERE ends_scope IS NOT NULL;
  CREATE INDEX events_ongoing ON events (combination) WHERE is_ongoing;
  CREATE INDEX events_by_word ON events USING gin (words) WITH (gin_pending_list_limit = 1024);

  CREATE INDEX alerts_by_time ON alerts (opened_at, sequence);
  CREATE INDEX alerts_by_change ON alerts (changed_xid, sequence);
  CREATE INDEX alerts_open ON alerts (sequence) WHERE is_open;
  CREATE INDEX alerts_open_by_scope ON alerts (scope_hash) WHERE is_open;
  CREATE INDEX alerts_ended_by_scope ON alerts (scope_hash, resolved_at) WHERE NOT is_open;
  CREATE INDEX alerts_by_storm ON alerts (storm_hash, opened_at) WHERE storm_hash IS NOT NULL;
  CREATE INDEX alerts_waking ON alerts (wake_at, sequence) WHERE wake_at IS NOT NULL;

  CREATE INDEX deliveries_by_id ON deliveries (id);
  CREATE INDEX deliveries_failed ON deliveries (alert, place) WHERE status = 'failed';
  CREATE INDEX deliveries_pending ON deliveries (alert, place, target_hash) WHERE status = 'pending';
  CREATE INDEX deliveries_due ON deliveries (target_hash, priority, due_at, alert, place) WHERE status = 'pending';
`;
