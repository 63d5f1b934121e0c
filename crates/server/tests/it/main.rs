//! Whole-system tests: the real store, the real slips, every engine.

mod faults;
mod http;
mod matrix;
mod program;
mod support;
mod walk;
