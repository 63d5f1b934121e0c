//! Whole-system tests: the real store, the real slips, every engine.

mod matrix;
mod support;
mod walk;
