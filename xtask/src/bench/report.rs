//! What was measured, as a table and as JSON, and how it stands against the targets.

use serde_json::{Value, json};

use super::stats::Summary;

/// One measured point.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) engine: &'static str,
    pub(super) dossiers: u32,
    pub(super) operation: &'static str,
    pub(super) clients: usize,
    pub(super) summary: Summary,
    /// Processor seconds of the server in the measured time and the warm-up.
    pub(super) server_cpu: f64,
    /// Of PostgreSQL; zero on SQLite.
    pub(super) database_cpu: f64,
    /// Resident memory of the server in mebibytes, after the point.
    pub(super) memory: f64,
    /// Operations for each transaction of pgbench with as many clients, where both were measured.
    pub(super) to_pgbench: Option<f64>,
}

pub(super) const TRANSITIONS: &str = "transition";
pub(super) const FIRST_PAGE: &str = "first page";

/// The table, one line a row.
pub(super) fn table(rows: &[Row]) -> Vec<String> {
    let head = format!(
        "{:<9}{:>9}  {:<22}{:>8}{:>10}{:>9}{:>9}{:>9}{:>7}{:>9}{:>8}{:>8}{:>9}",
        "engine",
        "dossiers",
        "operation",
        "clients",
        "per s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "errors",
        "cpu s",
        "db s",
        "MiB",
        "/pgbench"
    );
    std::iter::once(head).chain(rows.iter().map(line)).collect()
}

fn line(row: &Row) -> String {
    let s = &row.summary;
    let ratio = row
        .to_pgbench
        .map_or(String::new(), |ratio| format!("{ratio:.2}"));
    format!(
        "{:<9}{:>9}  {:<22}{:>8}{:>10.1}{:>9.2}{:>9.2}{:>9.2}{:>7}{:>9.1}{:>8.1}{:>8.0}{:>9}",
        row.engine,
        row.dossiers,
        row.operation,
        row.clients,
        s.per_second,
        s.p50,
        s.p95,
        s.p99,
        s.errors,
        row.server_cpu,
        row.database_cpu,
        row.memory,
        ratio
    )
}

pub(super) fn json(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        json!({
            "engine": row.engine, "dossiers": row.dossiers, "operation": row.operation,
            "clients": row.clients, "operations": row.summary.operations,
            "errors": row.summary.errors, "per_second": row.summary.per_second,
            "p50_ms": row.summary.p50, "p95_ms": row.summary.p95, "p99_ms": row.summary.p99,
            "server_cpu_seconds": row.server_cpu, "database_cpu_seconds": row.database_cpu,
            "resident_mib": row.memory, "to_pgbench": row.to_pgbench,
        })
    };
    json!({ "points": rows.iter().map(row).collect::<Vec<_>>() })
}

/// A line for each target that the rows can judge, on PostgreSQL with the most dossiers.
pub(super) fn targets(rows: &[Row]) -> Vec<String> {
    let postgres = || rows.iter().filter(|row| row.engine == "postgres");
    let many = postgres().map(|row| row.dossiers).max();
    let few = postgres().map(|row| row.dossiers).min();
    let point = |operation: &str, dossiers: Option<u32>| {
        postgres().find(|row| {
            row.operation == operation && row.clients == 8 && Some(row.dossiers) == dossiers
        })
    };
    let mut lines = Vec::new();
    if let Some(ratio) = point(TRANSITIONS, many).and_then(|row| row.to_pgbench) {
        let what = "transitions at 8 clients / pgbench, at least 0.5";
        lines.push(judged(what, ratio, ratio >= 0.5));
    }
    if let Some(page) = point(FIRST_PAGE, many) {
        let p95 = page.summary.p95;
        lines.push(judged(
            "first page p95 at 8 clients, at most 15 ms",
            p95,
            p95 <= 15.0,
        ));
        if let Some(base) = point(FIRST_PAGE, few).filter(|_| few != many) {
            let growth = p95 / base.summary.p95;
            let what = "its growth from the fewest to the most dossiers, at most 1.5";
            lines.push(judged(what, growth, growth <= 1.5));
        }
    }
    let memory = postgres().map(|row| row.memory).fold(0.0, f64::max);
    if memory > 0.0 {
        lines.push(judged(
            "resident MiB of the server, less than 200",
            memory,
            memory < 200.0,
        ));
    }
    lines
}

fn judged(what: &str, value: f64, met: bool) -> String {
    let verdict = if met { "met" } else { "MISSED" };
    format!("{what}: {value:.2} ({verdict})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(dossiers: u32, operation: &'static str, p95: f64, to_pgbench: Option<f64>) -> Row {
        Row {
            engine: "postgres",
            dossiers,
            operation,
            clients: 8,
            summary: Summary {
                operations: 10,
                errors: 0,
                per_second: 1.0,
                p50: 1.0,
                p95,
                p99: p95,
            },
            server_cpu: 1.0,
            database_cpu: 1.0,
            memory: 120.0,
            to_pgbench,
        }
    }

    #[test]
    fn targets_are_judged_on_the_most_dossiers() {
        let rows = [
            row(2_000, FIRST_PAGE, 4.0, None),
            row(2_000, TRANSITIONS, 4.0, Some(0.9)),
            row(1_000_000, FIRST_PAGE, 8.0, None),
            row(1_000_000, TRANSITIONS, 4.0, Some(0.4)),
        ];
        let lines = targets(&rows).join("\n");
        for line in [
            "0.40 (MISSED)",
            "15 ms: 8.00 (met)",
            "2.00 (MISSED)",
            "120.00 (met)",
        ] {
            assert!(lines.contains(line), "{lines}");
        }
        assert!(targets(&[]).is_empty());
    }

    #[test]
    fn every_row_is_a_line_and_a_point() {
        let rows = [row(2_000, FIRST_PAGE, 4.0, Some(0.5))];
        let lines = table(&rows);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].chars().count(), lines[1].chars().count());
        assert_eq!(json(&rows)["points"][0]["p95_ms"], 4.0);
    }
}
