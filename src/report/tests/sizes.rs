//! Comments of plans that are too long for one: what is grave is there, or counted.

use super::{Format, PLAIN, rendered, samples};
use crate::{
    plan::{Action, Plan},
    report::{CommentStyle, Platform, Style, markdown::length},
};

const PLATFORMS: [(Platform, usize); 4] = [
    (Platform::Github, 65_536),
    (Platform::Gitlab, 1_000_000),
    (Platform::Bitbucket, 32_768),
    (Platform::Gitea, 65_536),
];

fn comment(plan: &Plan, platform: Platform) -> String {
    let style = Style { comment: CommentStyle { marker: None, platform }, ..PLAIN };
    rendered(plan, Format::Markdown, &style)
}

/// How many of a plan's changes a comment shows in a row.
fn shown(plan: &Plan, comment: &str, wanted: impl Fn(Action) -> bool) -> (usize, usize) {
    let all: Vec<_> = plan.changes.iter().filter(|change| wanted(change.action)).collect();
    let last = |key: &str| key.rsplit('/').next().unwrap().to_owned();
    let rows: std::collections::BTreeSet<&str> =
        comment.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let there = |key: &str| rows.contains(key) || rows.contains(last(key).as_str());
    (all.iter().filter(|change| there(&change.object.key)).count(), all.len())
}

#[test]
fn a_small_plan_is_told_whole() {
    for (platform, _) in PLATFORMS {
        let text = comment(&samples::many(10), platform);
        assert!(!text.contains("no room") && !text.contains("not shown"), "{text}");
    }
}

#[test]
fn comments_keep_to_the_limit_and_say_what_is_missing() {
    for count in [10, 10_000, 100_000] {
        let plan = samples::many(count);
        let few = if count > 10_000 { 1 } else { PLATFORMS.len() };
        for (platform, limit) in PLATFORMS.into_iter().take(few) {
            let text = comment(&plan, platform);
            assert!(length(&text) < limit, "{platform:?} {count}: {}", length(&text));
            let deletes = shown(&plan, &text, |action| action == Action::Delete);
            assert!(deletes.0 == deletes.1 || text.contains("Not shown: "), "{platform:?} {count}");
            // The counts of what is grave are there whatever is cut.
            let line = format!(
                "**{0} to create, {1} to update, {0} to delete;",
                count.div_ceil(4) - u32::from(count == 10),
                count / 2
            );
            assert!(text.contains(&line) || count == 10, "{line} {}", &text[..600]);
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        }
    }
}

#[test]
fn creates_give_way_before_deletes_and_prices() {
    let mut plan = samples::many(2_000);
    plan.changes.retain(|change| change.action != Action::Delete || change.object.key.ends_with("00"));
    plan.summary = Plan::summarise(&plan.changes, 0, 0);
    let text = comment(&plan, Platform::Github);
    let deletes = shown(&plan, &text, |action| action == Action::Delete);
    assert_eq!(deletes.0, deletes.1, "{text}");
    let prices = plan.changes.iter().filter(|change| change.object.kind == "item-price").count();
    assert!(text.contains(&format!("#### Prices ({prices})")) && !text.contains("> **Attention"), "{text}");
    assert!(text.contains("rows of \"Creates\""), "{}", &text[..2000]);
}

#[test]
fn what_is_too_much_even_alone_is_counted_and_summed_up() {
    let plan = samples::many(10_000);
    let text = comment(&plan, Platform::Bitbucket);
    assert!(text.contains("rows of \"Deletes\" (its counts and sums are complete)"), "{}", &text[..2000]);
    assert!(text.contains("| enumeration-item | 2500 |"), "{}", &text[..3000]);
    // 2,500 prices of 1, 5, 9, … each of which rises by 1.
    let sum: u32 = (0..10_000).filter(|number| number % 4 == 1).sum();
    let row = format!("| `vds` | RUB | 2500 up (at most +100 %) | {sum}.00 → **{}.00** |", sum + 2_500);
    assert!(text.contains(&row), "{row}\n{}", &text[..4000]);
}

#[test]
fn guards_without_number_are_counted_by_code() {
    let mut plan = samples::many(10);
    let guard = samples::everything().guards.remove(2);
    plan.guards = vec![guard; 50_000];
    let text = comment(&plan, Platform::Github);
    assert!(text.contains("| `guard::price_move` | 50000 |"), "{}", &text[..2000]);
    let deletes = shown(&plan, &text, |action| action == Action::Delete);
    assert_eq!(deletes.0, deletes.1);
}
