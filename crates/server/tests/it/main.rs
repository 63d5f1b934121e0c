//! Whole-system tests: the real store, the real slips, every engine.

mod http;
mod matrix;
mod support;
mod walk;
