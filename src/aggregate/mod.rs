//! Questions answered from columns: pure, with the time handed in.

mod chance;
mod dashboard;
mod executions;
mod failures;
mod findings;
mod interval;
mod outcomes;
mod percentile;
mod period;
mod providers;
mod resources;
mod skills;
mod stability;
mod statistics;
mod timeline;
mod trend;
mod usage;
mod window;

pub use chance::chance;
pub use dashboard::{cuj_summary, highlights, provider_section, skill_window, top_skills};
pub use executions::{all_metrics, percentiles, success_rate, trending};
pub use failures::{FailureSelection, select_failures};
pub use findings::{Growth, changed_cuj, failing_cujs, failing_skills, flakiest_cuj, sick_providers, slowest_skill};
pub use interval::interval;
pub use outcomes::{PickedCuj, PickedProvider, cuj_rows, entries_of, provider_rows};
pub use percentile::{nearest_rank, nearest_rank_of_runs};
pub use period::Period;
pub use providers::{Mark, Picked, Resets, all_health, comparison, health, overall, recorded_name, unavailable};
pub use resources::ResourceValues;
pub use skills::{Selection, SkillFilter};
pub use stability::stability;
pub use statistics::{FileStatistics, StatisticsBuilder};
pub use timeline::{Moment, Slice, timeline};
pub use trend::performance_trend;
pub use usage::Usage;
pub use window::Window;
