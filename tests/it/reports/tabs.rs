//! The report with all its tabs, for tests that count what stands on any of them.

use super::pages::Reader;

impl Reader<'_> {
    /// The report of an address, all its tabs as one page: the tables of groups last.
    pub(super) async fn report(&self, query: &str) -> String {
        let mut whole = "<main data-report>".to_owned();
        for tab in ["overview", "details", "week", "reasons", "compare"] {
            let page = self.page(&format!("/reports?{query}&tab={tab}")).await;
            let report = page.split_once("data-report").expect("a report").1;
            // Why ratings of each group are low has a table, and a test, of its own.
            whole.push_str(report.split("id=\"why-split\"").next().unwrap_or_default());
        }
        whole
    }
}
