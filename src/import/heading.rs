//! Finds the header row of a file. Spreadsheets put `sep=;` above it, and people a title.

/// Maximum lines searched for the header.
pub(super) const LINES_MAX: usize = 20;
/// Possible separators.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Position of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// Number of lines above it.
    pub(super) above: usize,
    /// Separator of its cells.
    pub(super) separator: u8,
}

/// True if the cells are names of columns.
pub(super) type IsHeader<'a> = &'a dyn Fn(&[String]) -> bool;

/// Finds the header in the first lines of a file: the first line accepted by the first of `tests`, otherwise by the next
/// one. If no line is accepted, it is the first non-empty line. `said` is the separator that the user named.
pub(super) fn find(start: &str, said: Option<u8>, tests: &[IsHeader<'_>]) -> Heading {
    let start = start.replace("\r\n", "\n");
    let lines: Vec<&str> = start.split(['\r', '\n']).take(LINES_MAX).collect();
    let says = |line: &&str| !line.trim().is_empty();
    let mut first = lines.iter().position(says).unwrap_or(0);
    let named = lines.get(first).and_then(|line| separator_named(line));
    if named.is_some() {
        first = (first + 1..lines.len()).find(|&at| says(&lines[at])).unwrap_or(first);
    }
    let usual = said.or(named).unwrap_or_else(|| lines.get(first).map_or(b',', |line| separator(line)));
    let separators: Vec<u8> = std::iter::once(usual).chain(SEPARATORS.into_iter().filter(|_| said.is_none())).collect();
    let by = |is_header: &IsHeader<'_>| {
        (first..lines.len()).find_map(|above| {
            let separator = separators.iter().copied().find(|&separator| is_header(&cells(lines[above], separator)))?;
            Some(Heading { above, separator })
        })
    };
    tests.iter().find_map(by).unwrap_or(Heading { above: first, separator: usual })
}

/// The separator in a line such as `sep=;`, which tells Excel how to parse the file.
fn separator_named(line: &str) -> Option<u8> {
    let line = line.trim_start_matches('\u{feff}').trim_matches([' ', '"']);
    let (word, rest) = (line.get(..4)?, line.get(4..)?.trim_end_matches([',', ';', ' ']));
    let separator = if rest.is_empty() { line.get(4..5)? } else { rest };
    (word.eq_ignore_ascii_case("sep=") && separator.len() == 1).then(|| separator.as_bytes()[0])
}

fn cells(line: &str, separator: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok);
    record.map(|record| record.iter().map(str::to_owned).collect()).unwrap_or_default()
}

/// The separator of a line: the candidate that occurs most often outside quotes.
fn separator(line: &str) -> u8 {
    let (mut counts, mut quoted) = ([0; 3], false);
    for letter in line.bytes() {
        match letter {
            b'"' => quoted = !quoted,
            b',' if !quoted => counts[0] += 1,
            b';' if !quoted => counts[1] += 1,
            b'\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    [b',', b';', b'\t'].into_iter().zip(counts).find(|(_, count)| *count == most).map_or(b',', |(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(start: &str) -> (usize, char) {
        let heading = find(start, None, &[&|cells| cells.iter().any(|cell| cell == "closed_at")]);
        (heading.above, char::from(heading.separator))
    }

    #[test]
    fn the_separator_is_seen_in_the_header() {
        for (header, expected) in [("a,b;c,d\n;;;;", ','), ("\"a,b,c\";d\n", ';'), ("a\tb\n", '\t'), ("closed_at\n", ',')] {
            assert_eq!(found(header), (0, expected), "{header}");
        }
    }

    #[test]
    fn lines_above_the_header_are_passed_over() {
        assert_eq!(found("sep=;\r\nsession;closed_at\r\n1;2\r\n"), (1, ';'));
        assert_eq!(found("\"SEP=|\"\nsession|closed_at\n"), (1, '|'));
        assert_eq!(found("sep=\t\nsession\tclosed_at\n"), (1, '\t'));
        assert_eq!(found("sep=;;;\nsession;closed_at;x\n"), (1, ';'), "padded by a spreadsheet");
        assert_eq!(found("Conversations, March 2026\n\nsession;closed_at\n"), (2, ';'));
        assert_eq!(found("Report,,\r\"two\rlines\",,\rsession,closed_at,score\r"), (3, ','));
        assert_eq!(found("no;header\na;b\n"), (0, ';'), "then the first line stands in the error");
        assert_eq!((found(""), found("\n\n")), ((0, ','), (0, ',')));
    }

    #[test]
    fn the_separator_that_a_person_names_counts() {
        let any = |cells: &[String]| cells.len() > 1;
        assert_eq!(find("sep=;\na;b,c\n", Some(b','), &[&any]), Heading { above: 1, separator: b',' });
    }
}
