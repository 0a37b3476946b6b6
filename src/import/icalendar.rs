//! Days off in an iCalendar file (RFC 5545): the whole-day events of a calendar of holidays. Lines are parsed here, so that an invalid
//! event does not affect others; the crate `rrule` computes recurrences.

use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use lastword_domain::Millis;
use lastword_domain::line::days_off::{DAYS_OFF_MAX, DayOff};
use rrule::RRuleSet;
use std::collections::BTreeSet;

/// Years for which the dates of recurring events are stored.
const YEARS: u64 = 10;
/// Maximum number of dates of one event: a day each week, for ten years.
const DATES_MAX: u16 = 600;
/// Maximum number of events that are named as left out.
const NAMED_MAX: usize = 5;

/// Contents of a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days off in the form of a line setting, without past ones.
    pub days: Vec<DayOff>,
    /// The first events that could not be used, each with the reason.
    pub left_out: Vec<String>,
    /// Number of events that could not be used.
    pub unused: usize,
}

/// `true` if a text begins as an iCalendar file.
pub fn is_calendar(text: &str) -> bool {
    let begins = text.trim_start_matches('\u{feff}').trim_start().get(..15);
    begins.is_some_and(|begins| begins.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

/// Reads the days off of a calendar, from the day of `now` on.
///
/// # Errors
/// The problem with its remedy, if the text is no calendar with days off.
pub fn read(text: &str, now: Millis) -> Result<Calendar, String> {
    let today = DateTime::from_timestamp_millis(now).unwrap_or_default().date_naive();
    if !is_calendar(text) {
        return Err("is no iCalendar file: it does not begin with BEGIN:VCALENDAR; export the calendar as .ics".to_owned());
    }
    let (mut days, mut calendar) = (BTreeSet::new(), Calendar::default());
    for event in events(text) {
        match event.days(today) {
            Ok(found) => days.extend(found),
            Err(why) => {
                calendar.unused += 1;
                if calendar.left_out.len() < NAMED_MAX {
                    calendar.left_out.push(format!("line {}, {}: {why}", event.line, event.named()));
                }
            }
        }
    }
    if days.len() > DAYS_OFF_MAX {
        return Err(format!("holds {} days off, and a line keeps {DAYS_OFF_MAX}; export fewer years", days.len()));
    }
    if days.is_empty() {
        let why = calendar.left_out.first().map(|first| format!(" ({first})")).unwrap_or_default();
        return Err(format!("holds no whole-day event from today on{why}; export a calendar of holidays"));
    }
    calendar.days = days.into_iter().collect();
    Ok(calendar)
}

/// Property of an event.
struct Property {
    name: String,
    parameters: String,
    value: String,
}

/// Event in the file.
struct Event {
    /// Number of its first line.
    line: usize,
    properties: Vec<Property>,
}

/// Events of all calendars in a text, without their components such as alarms.
fn events(text: &str) -> Vec<Event> {
    let (mut events, mut open): (Vec<Event>, Option<Event>) = (Vec::new(), None);
    let mut inside = 0;
    for (number, line) in unfolded(text) {
        let Some((head, value)) = split(&line) else { continue };
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_owned());
        match (name.as_str(), value.to_ascii_uppercase().as_str()) {
            ("BEGIN", "VEVENT") => (open, inside) = (Some(Event { line: number, properties: Vec::new() }), 0),
            ("END", "VEVENT") => events.extend(open.take()),
            ("BEGIN", _) => inside += 1,
            ("END", _) => inside -= 1,
            _ if inside == 0 => {
                if let Some(event) = &mut open {
                    event.properties.push(Property { name, parameters: parameters.to_ascii_uppercase(), value });
                }
            }
            _ => {}
        }
    }
    events
}

/// Unfolded lines, each with the number of its first line.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// Parts before and after the first colon outside quotes.
fn split(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.find(|letter| {
        quoted ^= letter == '"';
        letter == ':' && !quoted
    });
    colon.map(|at| (&line[..at], &line[at + 1..]))
}

impl Event {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    fn value(&self, name: &'static str) -> Option<&str> {
        self.all(name).next().map(|property| property.value.as_str())
    }

    fn named(&self) -> String {
        let name: String = self.value("SUMMARY").unwrap_or_default().chars().take(60).collect();
        if name.is_empty() { "an event without a name".to_owned() } else { format!("\"{name}\"") }
    }

    /// Days off from `today` on; empty if the event was canceled or is over.
    fn days(&self, today: NaiveDate) -> Result<Vec<DayOff>, String> {
        if self.value("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
            return Ok(Vec::new());
        }
        let start = self.all("DTSTART").next().ok_or("it has no DTSTART")?;
        let first = whole_day(start).ok_or_else(|| format!("\"{}\" is no whole day", start.value))?;
        let nights = match self.all("DTEND").next() {
            // DTEND is the day after the last day.
            Some(end) => whole_day(end).map(|end| end.signed_duration_since(first).num_days() - 1),
            None => self.value("DURATION").map_or(Some(0), |duration| length(duration).map(|days| days - 1)),
        };
        let nights = nights.ok_or("its end is no whole day")?;
        let more = u64::try_from(nights).map_err(|_| "it ends before it begins".to_owned())?;
        let ahead = |day: &DayOff| matches!(day, DayOff::Stretch(_, last) if *last >= today);
        let stretch = |first: NaiveDate| {
            let last = first.checked_add_days(Days::new(more)).ok_or("its end is no day")?;
            DayOff::parse(&DayOff::Stretch(first, last).to_string())
        };
        let Some(rule) = self.value("RRULE") else {
            let dates = std::iter::once(Ok(first)).chain(self.all("RDATE").flat_map(dates));
            let found: Vec<DayOff> = dates.map(|date| stretch(date?)).collect::<Result<_, _>>()?;
            return Ok(found.into_iter().filter(ahead).collect());
        };
        let plain = rule.trim_end_matches(';').eq_ignore_ascii_case("FREQ=YEARLY");
        if plain && more == 0 && first <= today && self.all("EXDATE").next().is_none() {
            return DayOff::parse(&first.format("%m-%d").to_string()).map(|day| vec![day]);
        }
        let found: Vec<DayOff> = self.recurs(rule, first, today)?.into_iter().map(stretch).collect::<Result<_, String>>()?;
        Ok(found.into_iter().filter(ahead).collect())
    }

    /// First days of a recurring event, from a year before `today` on.
    fn recurs(&self, rule: &str, first: NaiveDate, today: NaiveDate) -> Result<Vec<NaiveDate>, String> {
        let seldom = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
        let often = rule.to_ascii_uppercase().split(';').any(|part| part.strip_prefix("FREQ=").is_some_and(|freq| !seldom.contains(&freq)));
        if often {
            return Err(format!("it recurs within a day (RRULE {})", short(rule)));
        }
        let except: Vec<NaiveDate> = self.all("EXDATE").flat_map(dates).collect::<Result<_, _>>()?;
        let added: Vec<NaiveDate> = self.all("RDATE").flat_map(dates).collect::<Result<_, _>>()?;
        let begins = format!("DTSTART:{}T000000Z\nRRULE:{}", first.format("%Y%m%d"), in_utc(rule));
        let set: RRuleSet = begins.parse().map_err(|_| format!("its RRULE {} cannot be read", short(rule)))?;
        let at = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC);
        let (from, until) = (today.checked_sub_days(Days::new(366)), today.checked_add_days(Days::new(YEARS * 366)));
        let (from, until) = (from.unwrap_or(today), until.unwrap_or(today));
        let found = set.after(at(from)).before(at(until)).all(DATES_MAX);
        if found.limited && found.dates.len() >= usize::from(DATES_MAX) {
            return Err(format!("it has more than {DATES_MAX} dates; days of the week that are off are working days of the line"));
        }
        let mut days: BTreeSet<NaiveDate> = found.dates.into_iter().map(|date| date.date_naive()).chain(added).collect();
        days.retain(|day| !except.contains(day));
        Ok(days.into_iter().collect())
    }
}

/// The rule with its end in UTC, as the beginning is given in UTC.
fn in_utc(rule: &str) -> String {
    let part = |part: &str| match part.split_once('=') {
        Some((name, until)) if name.eq_ignore_ascii_case("UNTIL") => {
            let day: String = until.chars().take(8).collect();
            format!("UNTIL={day}T235959Z")
        }
        _ => part.to_owned(),
    };
    rule.trim_end_matches(';').split(';').map(part).collect::<Vec<_>>().join(";")
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Date of a property; `None` for a time of day.
fn whole_day(property: &Property) -> Option<NaiveDate> {
    let timed = property.parameters.split(';').any(|parameter| parameter == "VALUE=DATE-TIME");
    if timed { None } else { date(&property.value) }
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| text.len() == 8)
}

/// Dates of a property with several.
fn dates(property: &Property) -> Vec<Result<NaiveDate, String>> {
    let one = |text: &str| text.trim().get(..8).and_then(date).ok_or_else(|| format!("\"{}\" is no date", short(text)));
    property.value.split(',').map(one).collect()
}

/// Days of a duration of whole days or weeks.
fn length(duration: &str) -> Option<i64> {
    let (number, unit) = duration.strip_prefix('P')?.split_at_checked(duration.len().checked_sub(2)?)?;
    let number: i64 = number.parse().ok()?;
    match unit {
        "D" => Some(number),
        "W" => number.checked_mul(7),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 26 November 2026.
    const NOW: Millis = 1_795_651_200_000;

    fn calendar(events: &[&str]) -> String {
        let events: String =
            events.iter().map(|event| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", event.replace('\n', "\r\n"))).collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
    }

    fn days(events: &[&str]) -> Vec<String> {
        read(&calendar(events), NOW).expect("days").days.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn whole_days_are_days_off() {
        assert_eq!(days(&["SUMMARY:New\n  Year\nDTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270102"]), ["2027-01-01"]);
        assert_eq!(days(&["DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102"]), ["2026-12-24/2027-01-01"]);
        assert_eq!(
            days(&["DTSTART:20261224\nDURATION:P3D", "DTSTART:20270501\nDURATION:P1W"]),
            ["2026-12-24/2026-12-26", "2027-05-01/2027-05-07"]
        );
        assert_eq!(days(&["DTSTART:20250101", "DTSTART:20270101\nSTATUS:CANCELLED", "DTSTART:20261126"]), ["2026-11-26"], "of today on");
        let two = format!("\u{feff}{}{}", calendar(&["DTSTART:20270101"]), calendar(&["DTSTART:20270106"]));
        assert_eq!(read(&two, NOW).unwrap().days.len(), 2, "two calendars in one file");
        let alarm = "DTSTART:20270101\nBEGIN:VALARM\nDTSTART:20270105\nEND:VALARM\nX-APPLE;X=\"a:b\":c";
        assert_eq!(days(&[alarm]), ["2027-01-01"], "what belongs to an event is none");
    }

    #[test]
    fn what_recurs_is_every_year_or_dates_of_ten_years() {
        assert_eq!(days(&["DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY"]), ["12-25"]);
        let thanksgiving = days(&["DTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEXDATE;VALUE=DATE:20281123"]);
        assert!(thanksgiving.contains(&"2027-11-25".to_owned()) && thanksgiving.contains(&"2035-11-22".to_owned()), "{thanksgiving:?}");
        assert!(!thanksgiving.contains(&"2028-11-23".to_owned()), "{thanksgiving:?}");
        let ends = days(&["DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=YEARLY;UNTIL=20281201"]);
        assert_eq!(ends, ["2026-12-01", "2027-12-01", "2028-12-01"]);
        assert_eq!(days(&["DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nRRULE:FREQ=YEARLY;COUNT=2"]).len(), 2);
        assert_eq!(days(&["DTSTART:20261201\nRDATE;VALUE=DATE:20261203,20261205"]), ["2026-12-01", "2026-12-03", "2026-12-05"]);
    }

    #[test]
    fn one_bad_event_takes_no_other_along() {
        let found = read(
            &calendar(&[
                "SUMMARY:Meeting\nDTSTART:20270105T090000Z",
                "DTSTART:20270106",
                "SUMMARY:Odd\nDTSTART:20271301",
                "SUMMARY:No day",
                "NONSENSE\nDTSTART:20270107\nRRULE:FREQ=SOMETIMES",
                "DTSTART:20270110\nDTEND:20270109",
                "DTSTART:20270101\nRRULE:FREQ=SECONDLY",
                "DTSTART:20270101\nRRULE:FREQ=DAILY",
            ]),
            NOW,
        )
        .unwrap();
        assert_eq!(found.days.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2027-01-06"]);
        assert_eq!((found.unused, found.left_out.len()), (7, NAMED_MAX), "{found:?}");
        assert_eq!(found.left_out[0], "line 3, \"Meeting\": \"20270105T090000Z\" is no whole day");
        assert!(found.left_out[2].contains("\"No day\": it has no DTSTART"), "{found:?}");
    }

    #[test]
    fn a_file_without_days_off_is_refused_with_its_remedy() {
        let said = |text: &str| read(text, NOW).unwrap_err();
        assert!(said("2026-12-24").contains("does not begin with BEGIN:VCALENDAR"));
        assert!(said("").contains("export the calendar as .ics"));
        assert!(said(&calendar(&[])).contains("no whole-day event"));
        let timed = said(&calendar(&["SUMMARY:Meeting\nDTSTART:20270105T090000Z"]));
        assert!(timed.contains("\"Meeting\"") && timed.contains("calendar of holidays"), "{timed}");
        let many: Vec<String> = (0..1_001)
            .map(|n| format!("DTSTART:{}", (NaiveDate::from_ymd_opt(2027, 1, 1).expect("a day") + Days::new(n)).format("%Y%m%d")))
            .collect();
        assert!(said(&calendar(&many.iter().map(String::as_str).collect::<Vec<_>>())).contains("a line keeps 1000"));
        for damaged in [
            "BEGIN:VCALENDAR",
            "BEGIN:VCALENDAR\nEND:VEVENT\nBEGIN:VEVENT",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:\u{1f600}",
            "BEGIN:VCALENDAR\n:\n;:\n \n",
        ] {
            said(damaged);
        }
    }
}
