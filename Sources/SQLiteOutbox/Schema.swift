internal import GRDB

/// The tables, by the name of the migration that made them: names are only ever appended.
///
/// Every row and every index of an accept is paid on each message, so there is no index that no read
/// needs, and no REFERENCES: each would look up its parent on every insert. A state is the number of its
/// case, a time is in milliseconds, a due time is one of `DueClock`.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 outbox") { try $0.execute(sql: outbox) }
        migrator.registerMigration("2 doubt") { try $0.execute(sql: doubt) }
        migrator.registerMigration("3 retention") { try $0.execute(sql: retention) }
        migrator.registerMigration("4 conversations") { try $0.execute(sql: conversations) }
        migrator.registerMigration("5 desk") { try $0.execute(sql: desk) }
        return migrator
    }()

    private static let outbox = """
        CREATE TABLE meta (
          name TEXT PRIMARY KEY,
          value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE shop (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        ) STRICT;

        -- reached: for how long it was reachable
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

        -- head: its first open entry, whose route and urgency it bears
        -- due_at: only while the head may be claimed
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

        -- position: the place in its lane
        -- reach_base: what its route had reached when it was accepted
        -- attempts: all that were begun; tries: those that count for the backoff
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

        -- the newest row is never deleted, so that no number comes twice
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
        """

    static let doubt = """
        -- doubts: how often nobody knew whether an attempt had arrived
        -- doubted: the number of the change that last put it in doubt: what was attempted since has a
        --   greater one
        -- looks: since then, as far as they counted
        -- look_at: when the destination is looked at for it, as due times are kept; of an entry in doubt,
        --   or delivered after a doubt
        -- possible_duplicate: whether it was sent again although it may have been there
        ALTER TABLE entry ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entry ADD COLUMN doubted INTEGER;
        ALTER TABLE entry ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entry ADD COLUMN look_at INTEGER;
        ALTER TABLE entry ADD COLUMN possible_duplicate INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX entry_look ON entry (look_at) WHERE look_at IS NOT NULL;

        -- Nobody has looked for these yet.
        UPDATE entry
        SET look_at = 0, doubts = 1, doubted = (SELECT max(sequence) FROM change)
        WHERE state = 2;

        -- month: such as 2026-03, in UTC
        CREATE TABLE call_count (
          month TEXT NOT NULL,
          kind TEXT NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (month, kind)
        ) STRICT, WITHOUT ROWID;
        """

    static let retention = """
        -- shop, key, digest: of a message that came with an idempotency key, which is kept and dropped
        --   with it
        ALTER TABLE message ADD COLUMN shop INTEGER;
        ALTER TABLE message ADD COLUMN key TEXT;
        ALTER TABLE message ADD COLUMN digest BLOB;
        \(moveKeys);
        CREATE UNIQUE INDEX message_key ON message (shop, key) WHERE key IS NOT NULL;
        DROP TABLE idempotency;
        """

    static let conversations = """
        -- customer: as its shop names the one who wrote first
        ALTER TABLE thread ADD COLUMN customer TEXT;
        \(findCustomers);
        CREATE INDEX thread_customer ON thread (shop, customer) WHERE customer IS NOT NULL;

        -- joins: the conversation that its last attempt was to join
        -- joins_last: the last entry of that call, which the conversation bears
        ALTER TABLE entry ADD COLUMN joins TEXT;
        ALTER TABLE entry ADD COLUMN joins_last INTEGER;
        -- further deliveries of a message: the first one bears its number
        CREATE INDEX entry_again ON entry (message) WHERE id <> message;

        -- id: drawn as it was first known of
        -- since: when it came into its stage
        -- accepted: whether an agent ever took it
        CREATE TABLE conversation (
          id INTEGER PRIMARY KEY,
          thread INTEGER NOT NULL,
          reference TEXT NOT NULL,
          stage INTEGER NOT NULL,
          since INTEGER NOT NULL,
          accepted INTEGER NOT NULL,
          queue TEXT,
          queue_name TEXT,
          agent TEXT,
          agent_name TEXT,
          ended TEXT,
          wrap_up TEXT,
          wrap_up_name TEXT,
          wrap_up_notes TEXT
        ) STRICT;
        -- Nobody has followed these yet; what is older than four days Genesys has ended by itself.
        INSERT INTO conversation (id, thread, reference, stage, since, accepted)
        SELECT e.id, l.thread, e.reference, 0, e.id >> 20, 0
        FROM entry e JOIN lane l ON l.id = e.lane
        WHERE e.state = 4 AND e.reference IS NOT NULL AND l.destination = 'genesys'
          AND e.id > (SELECT max(id) FROM entry) - (4 * 86400000 << 20);
        CREATE UNIQUE INDEX conversation_reference ON conversation (reference);
        CREATE INDEX conversation_thread ON conversation (thread);
        CREATE INDEX conversation_live ON conversation (id) WHERE stage < 4;

        -- id: of the entry that delivers it
        CREATE TABLE event (
          id INTEGER PRIMARY KEY,
          thread INTEGER NOT NULL,
          body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX event_thread ON event (thread);

        -- A customer who would be left without an answer; entry: the answer that was refused, else 0
        -- due_at: when a conversation is created again, as due times are kept
        CREATE TABLE concern (
          thread INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          entry INTEGER NOT NULL,
          since INTEGER NOT NULL,
          due_at INTEGER,
          reason TEXT NOT NULL,
          PRIMARY KEY (thread, kind, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX concern_since ON concern (since);
        CREATE INDEX concern_due ON concern (due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE concern_count (
          kind INTEGER PRIMARY KEY,
          n INTEGER NOT NULL
        ) STRICT;

        -- Whoever still waits and has nothing under way is somebody's to see to, but for those of whom nobody
        -- could have known an answer.
        UPDATE thread SET awaiting = 0 WHERE awaiting = 1
          AND id NOT IN (SELECT thread FROM lane WHERE head IS NOT NULL)
          AND id NOT IN (SELECT thread FROM conversation)
          AND id NOT IN (
            SELECT l.thread FROM entry e JOIN lane l ON l.id = e.lane WHERE e.state = 5);
        DELETE FROM thread_count;
        INSERT INTO thread_count SELECT shop, awaiting, count(*) FROM thread GROUP BY shop, awaiting;
        INSERT INTO concern (thread, kind, entry, since, reason)
        SELECT id, 1, 0, awaiting_since, 'its message could not be delivered' FROM thread
        WHERE awaiting = 1 AND id NOT IN (SELECT thread FROM lane WHERE head IS NOT NULL)
          AND id NOT IN (SELECT thread FROM conversation);
        INSERT INTO concern_count SELECT kind, count(*) FROM concern GROUP BY kind;

        CREATE TABLE audit (
          id INTEGER PRIMARY KEY,
          thread INTEGER NOT NULL,
          at INTEGER NOT NULL,
          action TEXT NOT NULL,
          actor TEXT NOT NULL,
          message INTEGER,
          detail TEXT
        ) STRICT;
        CREATE INDEX audit_thread ON audit (thread);
        """

    static let desk = """
        -- withdrawn: taken back by its author before it went to the shop
        ALTER TABLE message ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
        -- version: grows with each change of an entry in the lane, and of the conversation
        ALTER TABLE lane ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversation ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX conversation_thread_live ON conversation (thread) WHERE stage < 4;
        CREATE INDEX conversation_open ON conversation (id >> 20, thread) WHERE stage < 4;
        CREATE INDEX concern_unanswered ON concern (since, thread) WHERE kind < 2;
        CREATE INDEX concern_refused ON concern (since, thread) WHERE kind = 2;

        CREATE TABLE draft (
          id INTEGER PRIMARY KEY,
          thread INTEGER NOT NULL,
          conversation TEXT NOT NULL,
          agent TEXT NOT NULL,
          kind TEXT NOT NULL,
          agent_name TEXT,
          body TEXT NOT NULL,
          at INTEGER NOT NULL,
          UNIQUE (thread, conversation, agent, kind)
        ) STRICT;

        -- id: drawn as it was begun
        -- received: how many of its bytes have come
        -- message: that it was sent with
        -- draft: that names it; place: among the files of that message or draft
        CREATE TABLE file (
          id INTEGER PRIMARY KEY,
          thread INTEGER NOT NULL,
          agent TEXT NOT NULL,
          name TEXT NOT NULL,
          content_type TEXT NOT NULL,
          size INTEGER NOT NULL,
          received INTEGER NOT NULL,
          message INTEGER,
          draft INTEGER,
          place INTEGER
        ) STRICT;
        CREATE INDEX file_thread ON file (thread);
        CREATE INDEX file_message ON file (message, place) WHERE message IS NOT NULL;
        CREATE INDEX file_draft ON file (draft, place) WHERE draft IS NOT NULL;
        CREATE INDEX file_unused ON file (id) WHERE message IS NULL AND draft IS NULL;

        CREATE TABLE file_part (
          file INTEGER NOT NULL,
          number INTEGER NOT NULL,
          bytes BLOB NOT NULL,
          PRIMARY KEY (file, number)
        ) STRICT;

        CREATE TABLE linked (
          id INTEGER PRIMARY KEY,
          thread INTEGER NOT NULL,
          reference TEXT NOT NULL,
          address TEXT NOT NULL,
          subject TEXT NOT NULL,
          agent TEXT NOT NULL,
          agent_name TEXT,
          at INTEGER NOT NULL,
          UNIQUE (thread, reference)
        ) STRICT;

        CREATE TABLE login (
          key BLOB PRIMARY KEY,
          sealed BLOB NOT NULL,
          until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX login_until ON login (until);
        """

    /// A message that is no JSON names no customer.
    static let findCustomers = """
        UPDATE thread SET customer = (
          SELECT CASE WHEN json_valid(CAST(p.body AS TEXT)) THEN
            ifnull(
              json_extract(CAST(p.body AS TEXT), '$.customer.id'),
              lower(json_extract(CAST(p.body AS TEXT), '$.customer.email')))
            END
          FROM payload p
          WHERE p.message = (SELECT min(m.id) FROM message m WHERE m.thread = thread.id))
        """

    static let moveKeys = """
        UPDATE message SET shop = i.shop, key = i.key, digest = i.digest
        FROM idempotency i WHERE i.message = message.id
        """
}
