//! Writes counts as the text that Prometheus reads: its format 0.0.4, or `OpenMetrics` 1.0.

use std::fmt::Write as _;

use super::label::append_quoted;
use super::{Bounds, Tallies, Tally};

/// What is exported.
#[derive(Debug)]
pub struct Exported {
    /// CUJs, skills, agents and providers, with the bounds of their histograms.
    pub kinds: [(Tallies, Bounds); 4],
    /// Progress events.
    pub progress_events: u64,
    /// Lines that did not count.
    pub skipped_lines: u64,
}

/// How the series of one kind of subject are named.
struct Series {
    label: &'static str,
    prefix: &'static str,
    what: &'static str,
    /// The label that tells failures, and its values; a third one is for results that are neither.
    outcome: (&'static str, &'static [&'static str]),
}

const SUCCESS: (&str, &[&str]) = ("success", &["true", "false"]);
const RESULT: (&str, &[&str]) = ("result", &["success", "failure", "other"]);

const SERIES: [Series; 4] = [
    Series { label: "cuj", prefix: "obs_cuj_execution", what: "Executions of CUJs", outcome: SUCCESS },
    Series { label: "skill", prefix: "obs_skill_invocation", what: "Invocations of skills", outcome: RESULT },
    Series { label: "agent", prefix: "obs_agent_invocation", what: "Skill invocations by agents", outcome: RESULT },
    Series { label: "provider", prefix: "obs_provider_call", what: "Calls to providers", outcome: SUCCESS },
];

const SKILLS: usize = 1;

/// The text.
#[must_use]
pub fn render(exported: &Exported, openmetrics: bool) -> String {
    let mut text = Text { out: String::new(), openmetrics };
    for (series, (tallies, bounds)) in SERIES.iter().zip(&exported.kinds) {
        text.outcomes(series, tallies);
        text.durations(series, tallies, bounds);
        text.last(series, tallies);
    }
    text.cache_hits(&exported.kinds[SKILLS].0);
    text.head("obs_progress_events_total", "counter", "Progress events on record.");
    text.line("obs_progress_events_total", &[], exported.progress_events);
    text.head("obs_skipped_lines", "gauge", "Lines of the files that count for nothing.");
    text.line("obs_skipped_lines", &[], exported.skipped_lines);
    text.folded(exported);
    if openmetrics {
        text.out.push_str("# EOF\n");
    }
    text.out
}

struct Text {
    out: String,
    openmetrics: bool,
}

impl Text {
    /// `OpenMetrics` names the family of a counter without `_total`, and the unit of what has one.
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let family = if self.openmetrics { name.strip_suffix("_total").unwrap_or(name) } else { name };
        _ = writeln!(self.out, "# HELP {family} {help}");
        _ = writeln!(self.out, "# TYPE {family} {kind}");
        if self.openmetrics && name.ends_with("_seconds") {
            _ = writeln!(self.out, "# UNIT {family} seconds");
        }
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.out.push_str(name);
        for (place, (label, of)) in labels.iter().enumerate() {
            self.out.push(if place == 0 { '{' } else { ',' });
            self.out.push_str(label);
            self.out.push('=');
            append_quoted(&mut self.out, of);
        }
        _ = writeln!(self.out, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    /// All outcomes of a name are there from the beginning: an increase is seen only of what was there before.
    fn outcomes(&mut self, series: &Series, tallies: &Tallies) {
        let name = format!("{}s_total", series.prefix);
        self.head(&name, "counter", &format!("{} on record, by outcome.", series.what));
        let (outcome, values) = series.outcome;
        for (label, tally) in tallies.iter() {
            for (value, count) in values.iter().zip([tally.succeeded, tally.failed, tally.other]) {
                self.line(&name, &[(series.label, label), (outcome, value)], count);
            }
        }
    }

    fn durations(&mut self, series: &Series, tallies: &Tallies, bounds: &Bounds) {
        let name = format!("{}_duration_seconds", series.prefix);
        self.head(&name, "histogram", &format!("{}: how long they took.", series.what));
        let les: Vec<String> = bounds.all().iter().map(|bound| self.le(bound / 1000.0)).collect();
        for (label, Tally { durations, .. }) in tallies.iter() {
            let les = les.iter().map(String::as_str).chain(std::iter::once("+Inf"));
            for (le, count) in les.zip(durations.cumulative(bounds)) {
                self.line(&format!("{name}_bucket"), &[(series.label, label), ("le", le)], count);
            }
            let sum = number(durations.sum_ms() / 1000.0);
            self.line(&format!("{name}_sum"), &[(series.label, label)], sum);
            self.line(&format!("{name}_count"), &[(series.label, label)], durations.count());
        }
    }

    fn last(&mut self, series: &Series, tallies: &Tallies) {
        let name = format!("{}_last_timestamp_seconds", series.prefix);
        self.head(&name, "gauge", &format!("{}: when the last one was recorded.", series.what));
        for (label, tally) in tallies.iter() {
            if let Some(at) = tally.last {
                #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
                let seconds = at as f64 / 1000.0;
                self.line(&name, &[(series.label, label)], number(seconds));
            }
        }
    }

    fn cache_hits(&mut self, skills: &Tallies) {
        let name = "obs_skill_cache_hits_total";
        self.head(name, "counter", "Invocations of skills that were answered from a cache.");
        for (label, tally) in skills.iter() {
            self.line(name, &[("skill", label)], tally.cache_hits);
        }
    }

    fn folded(&mut self, exported: &Exported) {
        let name = "obs_folded_names";
        self.head(name, "gauge", "Names beyond the limit, which share the label value __other__.");
        for (series, (tallies, _)) in SERIES.iter().zip(&exported.kinds) {
            self.line(name, &[("label", series.label)], tallies.folded());
        }
    }

    /// A bound as its label says it: servers compare texts, and `OpenMetrics` wants a number with a point or an exponent.
    fn le(&self, seconds: f64) -> String {
        let mut text = go_number(seconds);
        if self.openmetrics && !text.contains(['.', 'e']) {
            text.push_str(".0");
        }
        text
    }
}

fn number(value: f64) -> String {
    ryu_js::Buffer::new().format(value).to_owned()
}

/// A positive number as Go writes it, `%g` with the fewest digits: `60`, `0.0015`, `1e+06`.
fn go_number(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    match exponent.parse::<i32>() {
        Ok(small @ ..-4) => format!("{digits}e-{:02}", -small),
        Ok(large @ 6..) => format!("{digits}e+{large:02}"),
        _ => format!("{value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::go_number;

    #[test]
    fn bounds_are_written_as_go_writes_them() {
        let all = [60.0, 0.01, 0.0001, 0.000_015, 1e-7, 2.5, 999_999.0, 1e6, 1_234_567.0, 1_234_567.5, 1e21];
        let texts = [
            "60",
            "0.01",
            "0.0001",
            "1.5e-05",
            "1e-07",
            "2.5",
            "999999",
            "1e+06",
            "1.234567e+06",
            "1.2345675e+06",
            "1e+21",
        ];
        assert_eq!(all.map(go_number), texts);
    }
}
