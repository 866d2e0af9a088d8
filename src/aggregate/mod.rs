//! Questions answered from columns: pure, with the time handed in.

mod dashboard;
mod executions;
mod percentile;
mod providers;
mod skills;
mod window;

pub use dashboard::{cuj_summary, highlights, provider_section, skill_window, top_skills};
pub use executions::{FailureSelection, all_metrics, percentiles, select_failures, success_rate, trending};
pub use percentile::nearest_rank;
pub use providers::{Mark, Picked, Resets, all_health, comparison, health, overall, unavailable};
pub use skills::{Selection, SkillFilter, StatisticsBuilder};
pub use window::Window;
