//! Clients that work side by side for a fixed time, each doing one thing after the other.

use std::sync::Barrier;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::stats::Sample;

/// What a client did when it was asked to do one more thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Did {
    /// It did one.
    One,
    /// There was nothing left to do.
    Nothing,
}

/// How long a point lasts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    /// Not measured.
    pub(super) warm_up: Duration,
    pub(super) measured: Duration,
}

/// Runs all clients at once; the point ends with its time, or with the first client that has
/// nothing left to do. Says what was measured, and over how long.
pub(super) fn run<C>(clients: Vec<C>, time: Time) -> (Sample, Duration)
where
    C: FnMut() -> Result<Did> + Send,
{
    let barrier = Barrier::new(clients.len());
    let ends = thread::scope(|scope| {
        let running: Vec<_> = clients
            .into_iter()
            .map(|client| scope.spawn(|| one(client, time, &barrier)))
            .collect();
        let ends = running.into_iter().map(ScopedJoinHandle::join);
        ends.map(|end| end.expect("a client does not panic"))
            .collect::<Vec<_>>()
    });
    let mut all = Sample::default();
    let mut over = time.measured;
    for (sample, lasted) in ends {
        all.join(sample);
        over = over.min(lasted);
    }
    (all, over)
}

fn one<C>(mut client: C, time: Time, barrier: &Barrier) -> (Sample, Duration)
where
    C: FnMut() -> Result<Did>,
{
    let mut sample = Sample::default();
    barrier.wait();
    let begin = Instant::now() + time.warm_up;
    loop {
        let asked = Instant::now();
        let since = asked.saturating_duration_since(begin);
        if since >= time.measured {
            return (sample, time.measured);
        }
        let did = client();
        if asked < begin {
            continue;
        }
        match did {
            Ok(Did::One) => sample.add(asked.elapsed()),
            Ok(Did::Nothing) => return (sample, since),
            Err(error) => sample.fail(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Time = Time {
        warm_up: Duration::from_millis(20),
        measured: Duration::from_millis(60),
    };

    #[test]
    fn only_what_began_in_the_measured_time_counts() {
        let client = || {
            thread::sleep(Duration::from_millis(5));
            Ok(Did::One)
        };
        let (sample, over) = run(vec![client, client], SHORT);
        assert_eq!(over, SHORT.measured);
        assert!((2..=24).contains(&sample.micros.len()), "{sample:?}");
        assert!(sample.micros.iter().all(|micros| *micros >= 5_000));
    }

    #[test]
    fn a_client_without_work_ends_the_point_early_and_errors_do_not() {
        let mut left = 30;
        let client = move || {
            left -= 1;
            thread::sleep(Duration::from_millis(1));
            match left {
                0 => Ok(Did::Nothing),
                28 => anyhow::bail!("status 409"),
                _ => Ok(Did::One),
            }
        };
        let time = Time {
            warm_up: Duration::ZERO,
            measured: Duration::from_secs(5),
        };
        let (sample, over) = run(vec![client], time);
        assert!(over < time.measured);
        assert_eq!((sample.micros.len(), sample.errors), (28, 1));
    }
}
