// The schema of the versions before 2, in which an event had deliveries of its own. A step that was released is never
// edited: a change is a new step.

/**
 * Times are the ISO texts that they are, and compare byte by byte. What may be long is found by its hash, since no
 * index takes more than some 2700 bytes. All JSON is `text`: `jsonb` would refuse an escaped NUL and reorder keys.
 */
export const firstSteps: readonly string[] = [
  `
  CREATE SEQUENCE events_sequence;
  CREATE TABLE events (
    sequence bigint PRIMARY KEY,
    event_hash text COLLATE "C" NOT NULL UNIQUE,
    source text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    severity text COLLATE "C" NOT NULL,
    service_hash text COLLATE "C" NOT NULL,
    is_open boolean NOT NULL,
    awaits_end boolean NOT NULL,
    routed boolean NOT NULL,
    undecided boolean NOT NULL,
    -- Has a delivery pending.
    owes boolean NOT NULL,
    first_seen_at text COLLATE "C" NOT NULL,
    -- In no index: a sighting then changes none, and that is the commonest change of all.
    last_seen_at text COLLATE "C" NOT NULL,
    seen_count bigint NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX events_by_time ON events (first_seen_at, sequence);
  CREATE INDEX events_by_source ON events (source, first_seen_at, sequence);
  CREATE INDEX events_by_kind ON events (kind, first_seen_at, sequence);
  CREATE INDEX events_by_severity ON events (severity, first_seen_at, sequence);
  CREATE INDEX events_by_service ON events (service_hash, first_seen_at, sequence);
  CREATE INDEX events_by_state ON events (is_open, first_seen_at, sequence);
  CREATE INDEX events_by_routed ON events (routed, first_seen_at, sequence);
  CREATE INDEX events_awaiting_end ON events (source) WHERE awaits_end;
  CREATE INDEX events_undecided ON events (sequence) WHERE undecided;
  CREATE INDEX events_done_with ON events (first_seen_at, sequence) WHERE NOT (awaits_end OR undecided OR owes);

  CREATE TABLE deliveries (
    event bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    -- The place in the event's own list.
    ordinal integer NOT NULL,
    destination_key text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    due_at text COLLATE "C",
    body text NOT NULL,
    PRIMARY KEY (event, ordinal)
  );
  CREATE INDEX deliveries_due ON deliveries (due_at, event, ordinal) WHERE status = 'pending';

  CREATE TABLE history (
    event bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    number bigint GENERATED ALWAYS AS IDENTITY,
    body text NOT NULL,
    PRIMARY KEY (event, number)
  );
  CREATE TABLE attempts (
    event bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    number bigint GENERATED ALWAYS AS IDENTITY,
    body text NOT NULL,
    PRIMARY KEY (event, number)
  );
  CREATE TABLE states (
    key_hash text COLLATE "C" PRIMARY KEY,
    body text NOT NULL
  );
  CREATE TABLE leases (
    name_hash text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    expires_at timestamptz NOT NULL
  );
  `,
  // The database fills these in itself, and so also for a replica of the version before that is still running.
  `
  ALTER TABLE deliveries
    ADD COLUMN id text COLLATE "C"
      GENERATED ALWAYS AS (substring(body from '"id":"(dlv_[0-9a-f]{32})"')) STORED,
    ADD COLUMN action text COLLATE "C"
      GENERATED ALWAYS AS (CASE deliveries.position % 2 WHEN 0 THEN 'trigger' ELSE 'resolve' END) STORED,
    ADD COLUMN first_seen_at text COLLATE "C";
  UPDATE deliveries SET first_seen_at = events.first_seen_at FROM events WHERE events.sequence = deliveries.event;
  CREATE FUNCTION deliveries_first_seen_at() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.first_seen_at := (SELECT events.first_seen_at FROM events WHERE events.sequence = NEW.event);
      RETURN NEW;
    END
  $$;
  CREATE TRIGGER deliveries_first_seen_at BEFORE INSERT ON deliveries
    FOR EACH ROW EXECUTE FUNCTION deliveries_first_seen_at();
  CREATE INDEX deliveries_by_id ON deliveries (id);
  CREATE INDEX deliveries_by_time ON deliveries (first_seen_at, event, ordinal);
  CREATE INDEX deliveries_by_status ON deliveries (status, first_seen_at, event, ordinal);
  CREATE INDEX deliveries_by_destination ON deliveries (destination_key, first_seen_at, event, ordinal);
  CREATE INDEX deliveries_by_action ON deliveries (action, first_seen_at, event, ordinal);
  `,
  // Holds what is pending and nothing else, so that counting it takes as long as there is of it. The time is cut out of
  // the text, for a cast to JSON would refuse an escaped NUL; a text inside the JSON has its quotes escaped.
  `CREATE INDEX deliveries_pending ON deliveries ((substring(body from '"created_at":"([^"]+)"') COLLATE "C"))
    WHERE status = 'pending'`,
  // The transaction of an event's last change; `read-changes.ts` says why it is no number of a sequence. Rows that are
  // stored already get that of this step, in no time: the default is one value, so no row is written.
  `
  ALTER TABLE events ADD COLUMN changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
  CREATE INDEX events_by_change ON events (changed_xid, sequence);
  `,
];
