//! Name of a browser and system, from the user agent.

/// "Firefox, Linux": the best-known names in the user agent.
pub(super) fn device(agent: &str) -> String {
    // The order matters: each user agent also contains the names of the browsers below it.
    let browser = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let machine = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|&(_, name)| name);
    let found: Vec<&str> = [known(&browser), known(&machine)].into_iter().flatten().collect();
    if found.is_empty() { agent.chars().take(40).collect() } else { found.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(agent), "Edge, Linux");
        assert_eq!(device("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"), "Safari, iPhone");
        assert_eq!(device("curl/8.1"), "curl/8.1");
    }
}
