CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE shop (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE route (
  id INTEGER PRIMARY KEY,
  destination TEXT NOT NULL,
  name TEXT NOT NULL,
  reached INTEGER NOT NULL,
  UNIQUE (destination, name)
) STRICT;
CREATE TABLE thread (
  id INTEGER PRIMARY KEY,
  shop INTEGER NOT NULL,
  key TEXT NOT NULL,
  awaiting INTEGER NOT NULL,
  awaiting_since INTEGER NOT NULL,
  UNIQUE (shop, key)
) STRICT;
CREATE INDEX thread_awaiting_agent ON thread (awaiting_since) WHERE awaiting = 1;
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  thread INTEGER NOT NULL,
  direction INTEGER NOT NULL
) STRICT;
CREATE INDEX message_thread ON message (thread);
CREATE TABLE payload (
  message INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE idempotency (
  shop INTEGER NOT NULL,
  key TEXT NOT NULL,
  message INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (shop, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE lane (
  id INTEGER PRIMARY KEY,
  thread INTEGER NOT NULL,
  destination TEXT NOT NULL,
  kind INTEGER NOT NULL,
  held INTEGER NOT NULL,
  head INTEGER,
  route INTEGER,
  urgency INTEGER,
  due_at INTEGER,
  UNIQUE (thread, destination, kind)
) STRICT;
CREATE INDEX lane_due ON lane (route, urgency, due_at) WHERE due_at IS NOT NULL;
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  message INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  route INTEGER NOT NULL,
  position INTEGER NOT NULL,
  state INTEGER NOT NULL,
  urgency INTEGER NOT NULL,
  due_at INTEGER,
  reach_base INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  fence INTEGER,
  reason TEXT,
  reference TEXT
) STRICT;
CREATE INDEX entry_open ON entry (lane, position) WHERE state < 4;
CREATE INDEX entry_state ON entry (state);
CREATE INDEX entry_reference ON entry (reference) WHERE reference IS NOT NULL;
CREATE TABLE attempt (
  entry INTEGER NOT NULL,
  number INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  reason TEXT,
  status INTEGER,
  correlation TEXT,
  PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  state INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT,
  actor TEXT
) STRICT;
CREATE TABLE entry_count (
  route INTEGER NOT NULL,
  state INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (route, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE thread_count (
  shop INTEGER NOT NULL,
  awaiting INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (shop, awaiting)
) STRICT, WITHOUT ROWID;
