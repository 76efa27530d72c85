// The tables as they are since version 5 of the schema. What an event writes decides how many a second there can be, so
// indexes are few: times need none, for they grow with `sequence`, and ids and words are indexed many at a time.
/** The columns of `combinations` when version 5 was made; a later filter is a later step. */
const firstCombined = ['source', 'kind', 'severity', 'service', 'state', 'routed'] as const;

export const schemaSql = `
  -- \`sequence\` counts arrivals and is given once; \`first_seen_at\` never falls as it grows.
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    combination INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    alert_key TEXT,
    scope_key TEXT,
    ongoing TEXT,
    alert_is_open INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    seen_count INTEGER NOT NULL,
    body TEXT NOT NULL,
    history TEXT NOT NULL
  ) STRICT;
  -- SQLite ends every index with the sequence, so each lists its rows in order.
  CREATE INDEX events_combination ON events (combination);
  CREATE INDEX events_revision ON events (revision);
  CREATE INDEX events_alert ON events (alert_key) WHERE alert_key IS NOT NULL;
  CREATE INDEX events_ending ON events (scope_key) WHERE scope_key IS NOT NULL;
  CREATE INDEX events_ongoing ON events (ongoing) WHERE ongoing IS NOT NULL;

  CREATE TABLE raws (event INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE event_keys (
    hash INTEGER NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (hash, event)
  ) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5(
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '_'"
  );
  CREATE TABLE combinations (
    id INTEGER PRIMARY KEY, ${firstCombined.map((column) => `${column} TEXT NOT NULL`).join(', ')}
  ) STRICT;

  CREATE TABLE alerts (
    sequence INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    alert_key TEXT NOT NULL UNIQUE,
    scope_key TEXT NOT NULL,
    source TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    resolved_at TEXT,
    wake_at TEXT,
    storm_key TEXT,
    body TEXT NOT NULL,
    history TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_revision ON alerts (revision);
  -- Behind every time, so that what is open comes with what ended since.
  CREATE INDEX alerts_scope ON alerts (scope_key, ifnull(resolved_at, '~'));
  CREATE INDEX alerts_open ON alerts (state) WHERE state = 'open';
  CREATE INDEX alerts_wake ON alerts (wake_at) WHERE wake_at IS NOT NULL;
  CREATE INDEX alerts_storm ON alerts (storm_key) WHERE storm_key IS NOT NULL;

  -- The ordinal is the place in the alert's own list, so that one tree serves as table and as index.
  CREATE TABLE deliveries (
    alert INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    destination TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at TEXT,
    created_at TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts TEXT NOT NULL,
    PRIMARY KEY (alert, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_id ON deliveries (id);
  CREATE INDEX deliveries_unsettled ON deliveries (status) WHERE status IN ('pending', 'failed');
  CREATE INDEX deliveries_pending ON deliveries (priority, created_at) WHERE status = 'pending';
`;
