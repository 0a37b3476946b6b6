//! The report with all its tabs, for tests that read figures from any of them.

use super::pages::Reader;

impl Reader<'_> {
    /// The report at an address, with all its tabs as one page: the tables of groups last.
    pub(super) async fn report(&self, query: &str) -> String {
        let mut whole = "<main data-report>".to_owned();
        for tab in ["overview", "details", "week", "reasons", "compare"] {
            let page = self.page(&format!("/reports?{query}&tab={tab}")).await;
            let report = page.split_once("data-report").expect("a report").1;
            // The reasons of each group have a table and a test of their own.
            whole.push_str(report.split("id=\"why-split\"").next().unwrap_or_default());
        }
        whole
    }
}
