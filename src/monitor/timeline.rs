//! Executions or calls over time, of whatever is asked about.

use super::Monitor;
use super::tables::SCHEMA;
use crate::aggregate::{Moment, Period, SkillFilter, Slice, timeline};
use crate::column::{Row, SkillField};
use crate::error::Result;
use crate::event::time;
use crate::report::{Text, Timeline};
use crate::store::Target;

impl Monitor {
    /// What a `cuj`, `skill`, `agent` or `provider`, named by a JSON value, or all of a kind, came to over time.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn timeline(&self, kind: &str, name: Option<&[u8]>, slice: &Slice, period: &Period) -> Result<Timeline> {
        let (kind, moments) = match kind {
            "skill" => ("skill", self.invoked(SkillField::Skill, name, period)?),
            "agent" => ("agent", self.invoked(SkillField::Agent, name, period)?),
            "provider" => ("provider", self.called(name, period)?),
            _ => ("cuj", self.executed(name, period)?),
        };
        let (edges_ms, parts, total, last) = timeline(moments, period, slice);
        Ok(Timeline {
            schema: SCHEMA,
            kind,
            name: name.map(Text::value),
            from: period.from().map(time::iso),
            to: time::iso(period.end()),
            edges_ms,
            parts,
            total,
            last,
        })
    }

    fn executed(&self, cuj_id: Option<&[u8]>, period: &Period) -> Result<Vec<Moment>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            let mut moments = Vec::new();
            for series in view.columns.chosen(cuj_id.unwrap_or(b"null")) {
                moments.extend(series.rows(&*view.chunks, period.range())?.iter().filter_map(moment));
            }
            Ok(moments)
        })
    }

    fn called(&self, provider: Option<&[u8]>, period: &Period) -> Result<Vec<Moment>> {
        self.ask(&Target::Providers, &self.root().index.providers, |view| {
            let mut moments = Vec::new();
            let wanted = provider.map(crate::json::decode_value);
            for (name, calls) in view.columns.iter() {
                if wanted.as_ref().is_none_or(|wanted| **wanted == *name) {
                    let visit = |row: &Row| moments.extend(moment(row));
                    calls.calls.visit(&*view.chunks, period.range(), |row| row.at, visit)?;
                }
            }
            Ok(moments)
        })
    }

    fn invoked(&self, field: SkillField, name: Option<&[u8]>, period: &Period) -> Result<Vec<Moment>> {
        let fields = name.map(|name| (field, name.to_vec())).into_iter().collect();
        let filter = SkillFilter { fields, from: period.from(), to: period.to(), limit: None };
        let found = self.visit_period(period.from(), period, |view| {
            let Some(selection) = filter.prepare(view.columns) else { return Ok(Vec::new()) };
            let [success, failure] = [&b"\"success\""[..], b"\"failure\""].map(|result| view.columns.number(result));
            let mut moments = Vec::new();
            selection.visit(view.columns, &*view.chunks, |row| {
                let result = Some(row.field(SkillField::Result));
                let said = if result == success { Some(true) } else { (result == failure).then_some(false) };
                let made = |at| Moment { at, success: said, duration_ms: row.duration_ms };
                moments.extend(row.at.filter(|_| period.holds(row.at)).map(made));
                true
            })?;
            Ok(moments)
        })?;
        Ok(found.into_iter().flatten().collect())
    }
}

fn moment(row: &Row) -> Option<Moment> {
    row.at.map(|at| Moment { at, success: Some(row.success), duration_ms: row.duration_ms })
}
