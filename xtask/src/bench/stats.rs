//! From single durations to the figures that are printed.

use std::time::Duration;

/// The durations of one point, in microseconds, and what went wrong.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    pub(super) micros: Vec<u64>,
    pub(super) errors: u64,
    /// The first error, as it was said.
    pub(super) said: Option<String>,
}

impl Sample {
    pub(super) fn add(&mut self, took: Duration) {
        self.micros
            .push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    pub(super) fn fail(&mut self, error: &anyhow::Error) {
        self.errors += 1;
        self.said.get_or_insert_with(|| format!("{error:#}"));
    }

    pub(super) fn join(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.errors += other.errors;
        self.said = self.said.take().or(other.said);
    }

    pub(super) fn summary(mut self, over: Duration) -> Summary {
        self.micros.sort_unstable();
        let of = |percent| rank(&self.micros, percent);
        Summary {
            operations: self.micros.len(),
            errors: self.errors,
            per_second: ratio(self.micros.len(), over.as_secs_f64()),
            p50: of(50),
            p95: of(95),
            p99: of(99),
        }
    }
}

/// What is printed of one point; times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Summary {
    pub(super) operations: usize,
    pub(super) errors: u64,
    pub(super) per_second: f64,
    pub(super) p50: f64,
    pub(super) p95: f64,
    pub(super) p99: f64,
}

/// The nearest-rank percentile of sorted microseconds, in milliseconds; zero of nothing.
fn rank(sorted: &[u64], percent: usize) -> f64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    let micros = sorted.get(at).copied().unwrap_or(0);
    Duration::from_micros(micros).as_secs_f64() * 1_000.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a bench are far below 2^52"
)]
fn ratio(count: usize, over: f64) -> f64 {
    if over > 0.0 { count as f64 / over } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(micros: &[u64]) -> Sample {
        Sample {
            micros: micros.to_vec(),
            ..Sample::default()
        }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let hundred: Vec<u64> = (1..=100).rev().map(|n| n * 1_000).collect();
        let summary = sample(&hundred).summary(Duration::from_secs(4));
        assert!(close(summary.p50, 50.0) && close(summary.p95, 95.0) && close(summary.p99, 99.0));
        assert!(close(summary.per_second, 25.0));
        let one = sample(&[7_000]).summary(Duration::from_secs(1));
        assert!(close(one.p50, 7.0) && close(one.p99, 7.0));
    }

    #[test]
    fn nothing_measured_is_zero_and_errors_are_kept() {
        let mut nothing = Sample::default();
        nothing.fail(&anyhow::anyhow!("status 503"));
        nothing.fail(&anyhow::anyhow!("status 409"));
        let mut all = sample(&[1]);
        all.join(nothing);
        assert_eq!(all.said.as_deref(), Some("status 503"));
        assert_eq!((all.micros.len(), all.errors), (1, 2));
        assert!(close(Sample::default().summary(Duration::ZERO).p95, 0.0));
    }
}
