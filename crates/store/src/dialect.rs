//! Every statement that differs between the engines. Whatever is not here is one text for both.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::backend::Engine;

/// Migrations in order: number, name, SQLite, PostgreSQL.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "core",
        include_str!("../migrations/sqlite/0001_core.sql"),
        include_str!("../migrations/postgres/0001_core.sql"),
    ),
    (
        2,
        "register",
        include_str!("../migrations/sqlite/0002_register.sql"),
        include_str!("../migrations/postgres/0002_register.sql"),
    ),
    (
        3,
        "act_drafts",
        include_str!("../migrations/sqlite/0003_act_drafts.sql"),
        include_str!("../migrations/postgres/0003_act_drafts.sql"),
    ),
    (
        4,
        "post",
        include_str!("../migrations/sqlite/0004_post.sql"),
        include_str!("../migrations/postgres/0004_post.sql"),
    ),
    (
        5,
        "delegation",
        include_str!("../migrations/sqlite/0005_delegation.sql"),
        include_str!("../migrations/postgres/0005_delegation.sql"),
    ),
    (
        6,
        "tasks",
        include_str!("../migrations/sqlite/0006_tasks.sql"),
        include_str!("../migrations/postgres/0006_tasks.sql"),
    ),
    (
        7,
        "papers",
        include_str!("../migrations/sqlite/0007_papers.sql"),
        include_str!("../migrations/postgres/0007_papers.sql"),
    ),
    (
        8,
        "alerts",
        include_str!("../migrations/sqlite/0008_alerts.sql"),
        include_str!("../migrations/postgres/0008_alerts.sql"),
    ),
    (
        9,
        "course",
        include_str!("../migrations/sqlite/0009_course.sql"),
        include_str!("../migrations/postgres/0009_course.sql"),
    ),
    (
        10,
        "post_records",
        include_str!("../migrations/sqlite/0010_post_records.sql"),
        include_str!("../migrations/postgres/0010_post_records.sql"),
    ),
    (
        11,
        "certificates",
        include_str!("../migrations/sqlite/0011_certificates.sql"),
        include_str!("../migrations/postgres/0011_certificates.sql"),
    ),
    (
        12,
        "files",
        include_str!("../migrations/sqlite/0012_files.sql"),
        include_str!("../migrations/postgres/0012_files.sql"),
    ),
    (
        13,
        "signing",
        include_str!("../migrations/sqlite/0013_signing.sql"),
        include_str!("../migrations/postgres/0013_signing.sql"),
    ),
    (
        14,
        "validations",
        include_str!("../migrations/sqlite/0014_validations.sql"),
        include_str!("../migrations/postgres/0014_validations.sql"),
    ),
    (
        15,
        "held_documents",
        include_str!("../migrations/sqlite/0015_held_documents.sql"),
        include_str!("../migrations/postgres/0015_held_documents.sql"),
    ),
    (
        16,
        "signing_requests",
        include_str!("../migrations/sqlite/0016_signing_requests.sql"),
        include_str!("../migrations/postgres/0016_signing_requests.sql"),
    ),
    (
        17,
        "local_signing",
        include_str!("../migrations/sqlite/0017_local_signing.sql"),
        include_str!("../migrations/postgres/0017_local_signing.sql"),
    ),
    (
        18,
        "attachments",
        include_str!("../migrations/sqlite/0018_attachments.sql"),
        include_str!("../migrations/postgres/0018_attachments.sql"),
    ),
    (
        19,
        "copies",
        include_str!("../migrations/sqlite/0019_copies.sql"),
        include_str!("../migrations/postgres/0019_copies.sql"),
    ),
    (
        20,
        "validity",
        include_str!("../migrations/sqlite/0020_validity.sql"),
        include_str!("../migrations/postgres/0020_validity.sql"),
    ),
    (
        21,
        "watch",
        include_str!("../migrations/sqlite/0021_watch.sql"),
        include_str!("../migrations/postgres/0021_watch.sql"),
    ),
    (
        22,
        "seal_keys",
        include_str!("../migrations/sqlite/0022_seal_keys.sql"),
        include_str!("../migrations/postgres/0022_seal_keys.sql"),
    ),
    (
        23,
        "bounds",
        include_str!("../migrations/sqlite/0023_bounds.sql"),
        include_str!("../migrations/postgres/0023_bounds.sql"),
    ),
];

/// The migrations of one engine.
pub(crate) fn migrator<S, P>(engine: &Engine<S, P>) -> Migrator {
    let steps = MIGRATIONS.iter().map(|(number, name, sqlite, postgres)| {
        let sql = match engine {
            Engine::Sqlite(_) => *sqlite,
            Engine::Postgres(_) => *postgres,
        };
        let kind = MigrationType::Simple;
        Migration::new(
            *number,
            Cow::Borrowed(*name),
            kind,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(steps.collect())
}

/// A statement in its two forms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Two {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Two {
    /// The form for `engine`.
    pub(crate) fn on<S, P>(self, engine: &Engine<S, P>) -> &'static str {
        match engine {
            Engine::Sqlite(_) => self.sqlite,
            Engine::Postgres(_) => self.postgres,
        }
    }
}

/// Whether the table of applied migrations exists: 1 or 0.
pub(crate) const HAS_MIGRATIONS: Two = Two {
    sqlite: "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
    postgres: "SELECT CAST(COUNT(to_regclass('_sqlx_migrations')) AS BIGINT)",
};
