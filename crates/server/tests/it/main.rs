//! Whole-system tests: the real store, the real slips, every engine.

mod due;
mod faults;
mod http;
mod import;
mod installation;
mod matrix;
mod operator;
mod program;
mod support;
mod walk;
