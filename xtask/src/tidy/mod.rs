#[derive(clap::Args)]
pub(crate) struct Options {
    /// Prints the scorecard too.
    #[arg(long)]
    report: bool,
}
pub(crate) fn run(_o: &Options) -> anyhow::Result<()> {
    Ok(())
}
pub(crate) fn check() -> anyhow::Result<()> {
    Ok(())
}
