//! Assembles the parts: configuration, wiring, the worker, the command line.

pub mod commands;
pub mod config;
pub mod demonstration;
pub mod wiring;
