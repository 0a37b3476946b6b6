//! The rows of an HTML table: what Bitrix24 gives people as an Excel file is one.

/// The rows of all tables in `text`, each with the line it begins in.
pub(super) fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), None::<String>);
    let (mut rest, mut line, mut began) = (text, 1, 1);
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        if let Some(cell) = &mut cell {
            cell.push_str(before);
        }
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let name = tag[1..end].trim_start_matches('/').split([' ', '>', '/', '\n', '\r', '\t']).next().unwrap_or_default().to_lowercase();
        let closes = tag.starts_with("</");
        match (name.as_str(), closes) {
            ("td" | "th", false) => cell = Some(String::new()),
            ("td" | "th", true) => cells.extend(cell.take().map(|text| plain(&text))),
            ("br", _) => cell.iter_mut().for_each(|cell| cell.push(' ')),
            ("tr", false) => {
                cells.clear();
                began = line + lines(before);
            }
            ("tr", true) => {
                cells.extend(cell.take().map(|text| plain(&text)));
                rows.push((began, std::mem::take(&mut cells)));
            }
            _ => {}
        }
        line += lines(before) + lines(&tag[..end]);
        rest = &tag[end..];
    }
    rows.retain(|(_, cells)| !cells.is_empty());
    rows
}

fn lines(text: &str) -> u64 {
    text.bytes().filter(|&byte| byte == b'\n').count() as u64
}

/// The text of a cell: entities read, blanks made one.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let entity = rest[at + 1..].split(';').next().filter(|name| name.len() <= 10 && rest[at + 1..].len() > name.len());
        match entity.and_then(|name| letter(name).map(|letter| (name.len(), letter))) {
            Some((length, letter)) => {
                text.push(letter);
                rest = &rest[at + length + 2..];
            }
            None => {
                text.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn letter(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_rows_of_plain_texts() {
        let html = "<html><head><meta charset=\"utf-8\"></head><body><table border=1>\n<tr><th>A</th><th>B &amp; C</th></tr>\n\
                    <tr>\n<td><a href=\"/x\">1</a></td><td>x<br>y &#1078;&nbsp;&bogus;</td></tr></table></body></html>";
        let expected = vec![(2, vec!["A".to_owned(), "B & C".to_owned()]), (3, vec!["1".to_owned(), "x y ж &bogus;".to_owned()])];
        assert_eq!(rows(html), expected);
    }
}
