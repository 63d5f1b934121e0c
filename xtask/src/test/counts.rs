//! How many tests ran, read from the closing lines of their runners.

use std::fmt;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Counts {
    /// Adds a line of `cargo test`: `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    pub(crate) fn see_cargo(&mut self, line: &str) {
        let Some(result) = line.trim().strip_prefix("test result: ") else {
            return;
        };
        let Some((_, figures)) = result.split_once(". ") else {
            return;
        };
        for figure in figures.split("; ") {
            match figure.split_once(' ') {
                Some((number, "passed")) => self.passed += parse(number),
                Some((number, "failed")) => self.failed += parse(number),
                Some((number, "ignored")) => self.skipped += parse(number),
                Some(_) | None => {}
            }
        }
    }

    /// Adds a line of Node's runner, in either of its formats: `# pass 12` or `ℹ pass 12`.
    pub(crate) fn see_node(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else {
            return;
        };
        match rest.trim().split_once(' ') {
            Some(("pass", number)) => self.passed += parse(number),
            Some(("fail" | "cancelled", number)) => self.failed += parse(number),
            Some(("skipped" | "todo", number)) => self.skipped += parse(number),
            Some(_) | None => {}
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

fn parse(number: &str) -> u32 {
    number.trim().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_cargo_are_added_up() {
        let mut counts = Counts::default();
        counts.see_cargo("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered");
        counts.see_cargo("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured");
        counts.see_cargo("test a_result ... ok");
        assert_eq!(
            counts,
            Counts {
                passed: 15,
                failed: 2,
                skipped: 1
            }
        );
        assert_eq!(counts.to_string(), "15 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn both_formats_of_node_are_added_up() {
        let mut counts = Counts::default();
        for line in [
            "# pass 7",
            "# fail 1",
            "ℹ pass 5",
            "ℹ cancelled 1",
            "# duration_ms 12",
        ] {
            counts.see_node(line);
        }
        assert_eq!(counts.to_string(), "12 passed, 2 failed");
    }
}
