//! Plots as SVG that stands in a page: lines over months, and bars for each month.
//!
//! All sums are of whole numbers. Colours are classes, which the page's style fills in for light and dark.

use std::fmt::Write as _;

use super::books::apart_signed;
use crate::report::html::{WRITES, escape};

/// The plot's own units. The page scales it; letters of 24 are about 11 pixels on a phone.
const WIDTH: i64 = 720;
const HEIGHT: i64 = 340;
const TOP: i64 = 30;
/// Where the lowest value is drawn; months stand below.
const BOTTOM: i64 = HEIGHT - 40;
const RIGHT: i64 = WIDTH - 8;
/// About how wide a digit of the axis is.
const DIGIT: i64 = 14;
/// How many parts of the range are ruled, about.
const RULES: i64 = 4;

/// A line or a stack of bars.
pub(super) struct Curve {
    /// Its class in the page's style.
    pub(super) class: &'static str,
    pub(super) name: String,
    pub(super) values: Vec<i64>,
}

/// What a plot is of.
pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    pub(super) months: &'a [String],
    /// How many of the values' units one unit on the axis is: 100 for money.
    pub(super) unit: i64,
    pub(super) curves: Vec<Curve>,
}

impl Plot<'_> {
    /// Lines, one for each curve.
    pub(super) fn lines(&self) -> String {
        let values = || self.curves.iter().flat_map(|curve| curve.values.iter().copied());
        let scale = Scale::of(values().min().unwrap_or(0), values().max().unwrap_or(0), self.unit);
        let (mut svg, left) = self.open(&scale);
        // Where months are many, dots would make a rope of the line.
        let dot = if self.months.len() > 36 { 2 } else { 5 };
        for curve in &self.curves {
            let points: Vec<String> = (curve.values.iter().enumerate())
                .map(|(month, value)| format!("{},{}", self.middle(left, month), scale.y(*value)))
                .collect();
            write!(svg, "<polyline class=\"line {}\" points=\"{}\"/>", curve.class, points.join(" "))
                .expect(WRITES);
            for (month, value) in curve.values.iter().enumerate() {
                let (x, y) = (self.middle(left, month), scale.y(*value));
                let hint = self.hint(month, &curve.name, *value);
                write!(
                    svg,
                    "<circle class=\"dot {}\" cx=\"{x}\" cy=\"{y}\" r=\"{dot}\">{hint}</circle>",
                    curve.class
                )
                .expect(WRITES);
            }
        }
        svg + "</svg>"
    }

    /// Bars, the curves on top of each other.
    pub(super) fn bars(&self) -> String {
        let stacked =
            |month: usize| -> i64 { self.curves.iter().filter_map(|curve| curve.values.get(month)).sum() };
        let most = (0..self.months.len()).map(stacked).max().unwrap_or(0);
        let scale = Scale::of(0, most, self.unit);
        let (mut svg, left) = self.open(&scale);
        let step = (RIGHT - left) / self.count();
        let thick = (step * 3 / 4).clamp(2, 40);
        for month in 0..self.months.len() {
            let mut base = 0;
            for curve in &self.curves {
                let value = curve.values.get(month).copied().unwrap_or(0);
                let (top, bottom) = (scale.y(base + value), scale.y(base));
                base += value;
                if top == bottom {
                    continue;
                }
                let x = self.middle(left, month) - thick / 2;
                let (tall, hint) = (bottom - top, self.hint(month, &curve.name, value));
                write!(
                    svg,
                    "<rect class=\"bar {}\" x=\"{x}\" y=\"{top}\" width=\"{thick}\" height=\"{tall}\">{hint}</rect>",
                    curve.class
                )
                .expect(WRITES);
            }
        }
        svg + "</svg>"
    }

    fn count(&self) -> i64 {
        i64::try_from(self.months.len()).unwrap_or(1).max(1)
    }

    /// Where the middle of a month is.
    fn middle(&self, left: i64, month: usize) -> i64 {
        let month = i64::try_from(month).unwrap_or(0);
        left + (RIGHT - left) * (2 * month + 1) / (2 * self.count())
    }

    /// What a pointer shows.
    fn hint(&self, month: usize, name: &str, value: i64) -> String {
        let month = self.months.get(month).map_or("", String::as_str);
        format!("<title>{}: {} {}</title>", escape(month), escape(name), apart_signed(value / self.unit))
    }

    /// The frame: rules with their numbers, and the first and the last month; and where its left edge is.
    fn open(&self, scale: &Scale) -> (String, i64) {
        let number = |value: i64| apart_signed(value / self.unit);
        let widest = scale.rules().map(|value| number(value).len()).max().unwrap_or(0);
        let left = 16 + DIGIT * i64::try_from(widest).unwrap_or(0);
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escape(self.title)
        );
        for value in scale.rules() {
            let y = scale.y(value);
            let class = if value == 0 { "rule zero" } else { "rule" };
            write!(
                svg,
                "<line class=\"{class}\" x1=\"{left}\" y1=\"{y}\" x2=\"{WIDTH}\" y2=\"{y}\"/>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                left - 8,
                y + 8,
                number(value)
            )
            .expect(WRITES);
        }
        let (y, last) = (HEIGHT - 8, self.months.len().saturating_sub(1));
        let mut month = |at: usize, x: i64, anchor: &str| {
            let text = escape(self.months.get(at).map_or("", String::as_str));
            write!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>").expect(WRITES);
        };
        month(0, left, "start");
        if last > 3 {
            month(last / 2, self.middle(left, last / 2), "middle");
        }
        if last > 0 {
            month(last, RIGHT, "end");
        }
        (svg, left)
    }
}

/// From values to places.
struct Scale {
    low: i64,
    high: i64,
    step: i64,
}

impl Scale {
    /// A range that begins and ends at round numbers and holds zero.
    fn of(low: i64, high: i64, unit: i64) -> Self {
        let (low, high) = (low.min(0), high.max(0));
        let span = high.saturating_sub(low);
        // Of 1, 2, 5, 10, 20, 50 …, the first that needs no more rules than there should be.
        let mut step = unit;
        let mut factors = [2, 5, 10].into_iter().cycle();
        let mut base = unit;
        while span / step > RULES {
            let factor = factors.next().unwrap_or(10);
            step = base.saturating_mul(factor);
            if factor == 10 {
                base = step;
            }
        }
        let floor = low.div_euclid(step).saturating_mul(step);
        let ceiling = high.saturating_add(step - 1).div_euclid(step).saturating_mul(step);
        Self { low: floor, high: ceiling.max(floor.saturating_add(step)), step }
    }

    fn rules(&self) -> impl Iterator<Item = i64> {
        std::iter::successors(Some(self.low), |value| value.checked_add(self.step))
            .take_while(|value| *value <= self.high)
    }

    fn y(&self, value: i64) -> i64 {
        let part = i128::from(value) - i128::from(self.low);
        let span = i128::from(self.high) - i128::from(self.low);
        let up = part * i128::from(BOTTOM - TOP) / span.max(1);
        BOTTOM - i64::try_from(up).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{BOTTOM, Scale, TOP};

    #[test]
    fn rules_are_round_numbers_that_hold_all_values() {
        for (low, high, unit, rules) in [
            (0, 0, 1, vec![0, 1]),
            (0, 3, 1, vec![0, 1, 2, 3]),
            (0, 437, 1, vec![0, 100, 200, 300, 400, 500]),
            (-12_000, 9_000, 100, vec![-15_000, -10_000, -5_000, 0, 5_000, 10_000]),
        ] {
            let scale = Scale::of(low, high, unit);
            assert_eq!(scale.rules().collect::<Vec<_>>(), rules);
            assert!(scale.y(low) <= BOTTOM && scale.y(high) >= TOP);
            assert_eq!((scale.y(scale.low), scale.y(scale.high)), (BOTTOM, TOP));
        }
    }

    #[test]
    fn the_largest_sums_are_drawn_too() {
        let scale = Scale::of(i64::MIN, i64::MAX, 100);
        assert!(scale.rules().count() < 10);
    }
}
