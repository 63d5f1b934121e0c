//! Reads the small tables shipped with the product: comma-separated, quoted where a field holds a
//! comma, one heading line, no line breaks inside fields.

/// The rows below the heading, split into fields.
pub(super) fn rows(table: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    table
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(fields)
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_field_keeps_its_commas() {
        let read: Vec<Vec<String>> = rows("a,b\n1,\"x, y\"\n\n,z\n").collect();
        assert_eq!(read, [["1", "x, y"], ["", "z"]]);
    }
}
