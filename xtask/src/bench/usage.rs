//! What processes used, as the kernel counts it.

use std::fs;
use std::path::Path;

/// Ticks of processor time in a second (`USER_HZ`, the same on every Linux).
const TICKS: f64 = 100.0;

/// Processor seconds that a process has used so far.
pub(super) fn cpu_seconds(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat(&text).map_or(0.0, |(_, ticks)| ticks / TICKS)
}

/// Processor seconds of a process and its children that are running.
pub(super) fn family_seconds(parent: u32) -> f64 {
    let Ok(entries) = fs::read_dir("/proc") else {
        return 0.0;
    };
    let texts =
        entries.filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    let children = texts
        .filter_map(|text| stat(&text))
        .filter(|(of, _)| *of == parent);
    children.map(|(_, ticks)| ticks / TICKS).sum::<f64>() + cpu_seconds(parent)
}

/// Resident memory of a process in mebibytes.
pub(super) fn resident(pid: u32) -> f64 {
    let text = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status"));
    let text = text.unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(0.0) / 1_024.0
}

/// The parent and the ticks used of a line of `/proc/…/stat`; names may hold blanks and brackets.
fn stat(line: &str) -> Option<(u32, f64)> {
    let (_, rest) = line.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((fields.get(1)?.parse().ok()?, ticks(11)? + ticks(12)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let line = "12 (postgres: a (b) c) S 7 1 1 0 -1 4194304 1 0 0 0 250 50 0 0 20 0 1 0 1";
        assert_eq!(stat(line), Some((7, 300.0)));
        assert_eq!(stat("nothing"), None);
    }

    #[test]
    fn we_ourselves_use_memory() {
        assert!(resident(std::process::id()) > 1.0);
    }
}
