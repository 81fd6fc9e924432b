//! Fractions, for sums in which nothing may be rounded on the way.

use rust_decimal::Decimal;

/// An exact fraction that is not below zero. What does not fit is nothing, never a rounded number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    above: u128,
    below: u128,
}

impl Ratio {
    pub(crate) fn whole(number: u32) -> Self {
        Self { above: u128::from(number), below: 1 }
    }

    /// A decimal that is not below zero.
    pub(super) fn of(decimal: Decimal) -> Option<Self> {
        Self::new(u128::try_from(decimal.mantissa()).ok()?, 10_u128.checked_pow(decimal.scale())?)
    }

    fn new(above: u128, below: u128) -> Option<Self> {
        let common = common(above, below);
        Some(Self { above: above.checked_div(common)?, below: below.checked_div(common)? })
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        // Shortened crosswise first, so that the products stay small.
        let (one, two) = (Self::new(self.above, other.below)?, Self::new(other.above, self.below)?);
        Self::new(one.above.checked_mul(two.above)?, one.below.checked_mul(two.below)?)
    }

    /// Nothing where `other` is zero.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        if other.above == 0 {
            return None;
        }
        self.times(Self { above: other.below, below: other.above })
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let (one, two) = (self.above.checked_mul(other.below)?, other.above.checked_mul(self.below)?);
        Self::new(one.checked_add(two)?, self.below.checked_mul(other.below)?)
    }

    /// The smallest whole number that is not less.
    pub(super) fn ceil(self) -> u128 {
        self.above.div_ceil(self.below)
    }
}

/// The greatest common divisor; never zero, because no fraction is over zero.
fn common(mut one: u128, mut two: u128) -> u128 {
    while two != 0 {
        (one, two) = (two, one % two);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    fn ratio(text: &str) -> Ratio {
        Ratio::of(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn sums_are_exact() {
        let third = Ratio::whole(1).over(Ratio::whole(3)).unwrap();
        let one = third.plus(third).and_then(|two| two.plus(third)).unwrap();
        assert_eq!(one, Ratio::whole(1));
        assert_eq!(ratio("0.10").plus(ratio("0.2")), Some(ratio("0.3")));
        assert_eq!(ratio("98.50").times(ratio("2")), Some(Ratio::whole(197)));
        assert_eq!(third.ceil(), 1);
        assert_eq!((ratio("0").ceil(), ratio("2").ceil(), ratio("2.0001").ceil()), (0, 2, 3));
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        assert_eq!(Ratio::whole(1).over(ratio("0.00")), None);
        let large = ratio("79228162514264337593543950335");
        assert_eq!(large.times(large), None);
        assert_eq!(large.over(large), Some(Ratio::whole(1)), "shortened before it is multiplied");
    }
}
