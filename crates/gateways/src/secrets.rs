//! Files with secrets: PINs, keys of services.

use std::path::Path;

/// What stands in a file that nobody but its owner may read or write.
///
/// # Errors
/// Why it cannot be used, in words.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let told = |cause: std::io::Error| format!("cannot read {shown}: {cause}");
    guarded(path)?;
    std::fs::read_to_string(path).map_err(told)
}

/// Insists that nobody but its owner may read or write a file or folder.
#[cfg(unix)]
pub(crate) fn guarded(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let shown = path.display();
    let found = std::fs::metadata(path);
    let found = found.map_err(|cause| format!("cannot read {shown}: {cause}"))?;
    let mode = found.permissions().mode();
    let others = mode & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(format!(
        "{shown} is open to others than its owner (mode {:03o}): it is not used",
        mode & 0o777
    ))
}

/// Rights are checked where there are any.
#[cfg(not(unix))]
pub(crate) fn guarded(_: &Path) -> Result<(), String> {
    Ok(())
}
