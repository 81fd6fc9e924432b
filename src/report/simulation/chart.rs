//! Numbers over time: as series, and as the smallest chart there is.

use crate::{
    language::t,
    simulate::{MonthRow, Run},
};

const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A number for each month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    /// Income less cost since the beginning, in hundredths.
    Cash,
    Services,
    Pool,
    Bought,
    Reused,
}

impl Series {
    pub(super) const ALL: [Self; 5] = [Self::Cash, Self::Services, Self::Pool, Self::Bought, Self::Reused];

    pub(super) fn name(self) -> String {
        match self {
            Self::Cash => t!("series" => "cash"),
            Self::Services => t!("series" => "services"),
            Self::Pool => t!("series" => "pool"),
            Self::Bought => t!("series" => "bought"),
            Self::Reused => t!("series" => "reused"),
        }
    }

    /// Whether the number of a month is of its end, and not of all its days.
    pub(super) fn is_level(self) -> bool {
        matches!(self, Self::Cash | Self::Services | Self::Pool)
    }

    pub(super) fn of(self, run: &Run) -> Vec<i64> {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let value = |month: &MonthRow| match self {
            Self::Cash => month.books.cash.hundredths(),
            Self::Services => month.books.services,
            Self::Pool => month.books.pool,
            Self::Bought => count(month.books.bought),
            Self::Reused => count(month.books.reused),
        };
        run.months.iter().map(value).collect()
    }

    /// At most `width` bars. Where there are more months they stand together: levels by the last of them,
    /// counts by the largest.
    pub(super) fn bars(self, values: &[i64], width: usize, low: i64, high: i64) -> String {
        let together = values.len().div_ceil(width.max(1)).max(1);
        let one = |months: &[i64]| match self.is_level() {
            true => months.last().copied().unwrap_or(0),
            false => months.iter().copied().max().unwrap_or(0),
        };
        values.chunks(together).map(|months| STEPS[step(one(months), low, high)]).collect()
    }
}

/// The range of several series, from zero on.
pub(super) fn range<'a>(series: impl IntoIterator<Item = &'a Vec<i64>>) -> (i64, i64) {
    series.into_iter().flatten().fold((0, 0), |(low, high), value| (low.min(*value), high.max(*value)))
}

fn step(value: i64, low: i64, high: i64) -> usize {
    let span = i128::from(high) - i128::from(low);
    if span == 0 {
        return 0;
    }
    let top = STEPS.len() as i128 - 1;
    let step = ((i128::from(value) - i128::from(low)) * top + span / 2) / span;
    usize::try_from(step.clamp(0, top)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Series, range};

    #[test]
    fn bars_reach_from_the_lowest_to_the_highest() {
        let bars = |series: Series, values: &[i64], width| {
            let (low, high) = range([&values.to_vec()]);
            series.bars(values, width, low, high)
        };
        assert_eq!(bars(Series::Services, &[0, 1, 2, 3, 4, 5, 6, 7], 10), "▁▂▃▄▅▆▇█");
        assert_eq!(bars(Series::Cash, &[-700, 0, 700], 10), "▁▅█");
        assert_eq!(bars(Series::Pool, &[0, 0, 0], 10), "▁▁▁");
        // Four months in two columns: the ends of a level, the most of a count.
        assert_eq!(bars(Series::Services, &[7, 0, 0, 7], 2), "▁█");
        assert_eq!(bars(Series::Bought, &[7, 0, 0, 3], 2), "█▄");
        assert_eq!(bars(Series::Bought, &[], 2), "");
        assert_eq!(bars(Series::Cash, &[i64::MIN, i64::MAX], 2), "▁█");
    }
}
