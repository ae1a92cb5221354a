internal import GRDB

extension Configuration {
    /// For the one connection that writes and checkpoints.
    static var writing: Configuration {
        var configuration = Configuration()
        configuration.label = "outbox"
        configuration.busyMode = .timeout(5)
        // With a journal mode of its own choice, GRDB would set `synchronous` to NORMAL afterwards.
        configuration.journalMode = .default
        configuration.prepareDatabase { database in
            // In this order: the way pages are freed cannot be changed once there is a page.
            try database.execute(
                sql: """
                    PRAGMA auto_vacuum = INCREMENTAL;
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA cache_size = -16000;
                    """)
            try distrust(database)
        }
        return configuration
    }

    /// For the connections that only read.
    static var reading: Configuration {
        var configuration = Configuration()
        configuration.label = "outbox"
        configuration.readonly = true
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            try distrust(database)
            try database.execute(sql: "PRAGMA query_only = 1")
        }
        return configuration
    }

    /// The file may be damaged or of foreign make: neither is to spread.
    private static func distrust(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA mmap_size = 0;
                PRAGMA cell_size_check = 1;
                PRAGMA trusted_schema = 0;
                """)
    }
}
