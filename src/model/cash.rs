//! What is earned or lost: an amount that may be below zero.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};

use super::{Money, Percent};

/// A sum of money with its sign: a margin, a balance, a flow of cash. Prices are [`Money`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cash(Decimal);

impl Cash {
    pub(crate) const ZERO: Self = Self(Decimal::ZERO);

    pub(crate) fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    pub(crate) fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub(crate) fn times(self, count: u32) -> Self {
        Self(self.0 * Decimal::from(count))
    }

    pub(crate) fn multiplied(self, factor: Decimal) -> Self {
        Self(self.0 * factor)
    }

    /// Nothing where the divisor is zero.
    pub(crate) fn divided(self, divisor: Decimal) -> Option<Self> {
        self.0.checked_div(divisor).map(Self)
    }

    /// `part` of `whole` equal parts, unrounded as far as a decimal goes.
    pub(crate) fn share(self, part: u32, whole: u32) -> Self {
        Self((self.0 * Decimal::from(part)).checked_div(Decimal::from(whole)).unwrap_or_default())
    }

    /// In hundredths, rounded: what a chart is drawn from.
    pub(crate) fn hundredths(self) -> i64 {
        let scaled = self.0.saturating_mul(Decimal::ONE_HUNDRED);
        scaled.round().try_into().unwrap_or(if self.is_negative() { i64::MIN } else { i64::MAX })
    }

    /// What percentage of `whole` this is, with one decimal; nothing where `whole` is zero.
    pub(crate) fn percent_of(self, whole: Self) -> Option<Decimal> {
        let ratio = self.0.checked_div(whole.0)?;
        Some((ratio * Decimal::ONE_HUNDRED).round_dp(1).normalize())
    }

    /// What is left of it after a discount.
    pub(crate) fn less(self, discount: Percent) -> Self {
        Self(self.0 - self.0 * discount.decimal() / Decimal::ONE_HUNDRED)
    }

    /// The smallest amount of which a discount leaves this much; nothing where nothing is left.
    pub(crate) fn before(self, discount: Percent) -> Option<Self> {
        let kept = Decimal::ONE_HUNDRED - discount.decimal();
        let full =
            (self.0 * Decimal::ONE_HUNDRED).checked_div(kept).filter(|full| !full.is_sign_negative())?;
        Some(Self(full.round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity)))
    }

    /// How often `part` fits in, rounded up; nothing where that is never.
    pub(crate) fn times_of(self, part: Self) -> Option<u32> {
        if part.0 <= Decimal::ZERO {
            return None;
        }
        self.0.checked_div(part.0)?.ceil().try_into().ok()
    }
}

impl From<Money> for Cash {
    fn from(money: Money) -> Self {
        Self(money.decimal())
    }
}

impl From<Decimal> for Cash {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl Add for Cash {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cash {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Cash {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Cash {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Cash {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Cash {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Cash {
    /// Two decimals: what is computed is shown to the smallest unit of money.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = self.0.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let rounded = if rounded.is_zero() { Decimal::ZERO } else { rounded };
        out.pad(&format!("{rounded:.2}"))
    }
}

impl Serialize for Cash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Cash {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cash".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "Sum of money",
            "description": "A decimal with two places, below zero where money is lost.",
            "type": "string",
            "pattern": r"^-?[0-9]+\.[0-9]{2}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Cash;
    use crate::model::Money;

    fn cash(text: &str) -> Cash {
        Cash::from(text.parse::<Money>().unwrap())
    }

    #[test]
    fn sums_are_shown_to_the_smallest_unit_with_their_sign() {
        assert_eq!((cash("1") - cash("3.5")).to_string(), "-2.50");
        assert_eq!(cash("2500").share(1, 12).to_string(), "208.33");
        assert_eq!((cash("0.001") - cash("0.002")).to_string(), "0.00");
        assert!((cash("1") - cash("2")).is_negative() && !Cash::ZERO.is_negative());
    }

    #[test]
    fn discounts_leave_a_part_and_are_made_up_for() {
        let percent = |text: &str| text.parse().unwrap();
        assert_eq!(cash("350").less(percent("15%")).to_string(), "297.50");
        assert_eq!(
            cash("250").before(percent("15%")).map(|full| full.to_string()),
            Some("294.12".to_owned())
        );
        assert_eq!(cash("250").before(percent("100%")), None);
    }

    #[test]
    fn months_to_recover_are_rounded_up() {
        assert_eq!(cash("40").times_of(cash("5")), Some(8));
        assert_eq!(cash("40").times_of(cash("6")), Some(7));
        assert_eq!(cash("40").times_of(Cash::ZERO), None);
    }
}
