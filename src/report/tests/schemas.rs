//! The published schemas: current, and true of what is written.

use jsonschema::Validator;
use serde_json::Value;

use super::{Format, PLAIN, assert_file, rendered, result, samples};
use crate::{
    capture::Index,
    check::Report,
    doctor::Examination,
    news::News,
    plan::{Outcome, Plan},
    pool::PoolReport,
    report::schema,
    saved::SavedPlan,
    simulate::{Simulated, Simulation},
    upstream::CostDifferences,
};

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap()
}

fn pretty(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).unwrap() + "\n"
}

#[test]
fn schemas_are_current() {
    assert_file("schemas/plan.schema.json", &pretty(&schema::<Plan>()));
    assert_file("schemas/saved-plan.schema.json", &pretty(&schema::<SavedPlan>()));
    assert_file("schemas/simulated-orders.schema.json", &pretty(&schema::<Simulated>()));
    assert_file("schemas/findings.schema.json", &pretty(&schema::<Report>()));
    assert_file("schemas/costs-diff.schema.json", &pretty(&schema::<CostDifferences>()));
    assert_file("schemas/doctor.schema.json", &pretty(&schema::<Examination>()));
    assert_file("schemas/capture.schema.json", &pretty(&schema::<Index>()));
    assert_file("schemas/pool.schema.json", &pretty(&schema::<PoolReport>()));
    assert_file("schemas/drift-news.schema.json", &pretty(&schema::<News>()));
    assert_file("schemas/outcome.schema.json", &pretty(&schema::<Outcome>()));
    assert_file("schemas/simulation.schema.json", &pretty(&schema::<Simulation>()));
}

#[test]
fn schemas_are_valid_themselves() {
    let others = [
        schema::<Simulated>(),
        schema::<Simulation>(),
        schema::<Report>(),
        schema::<CostDifferences>(),
        schema::<PoolReport>(),
        schema::<News>(),
        schema::<Examination>(),
        schema::<Index>(),
    ];
    for schema in [schema::<Plan>(), schema::<Outcome>()].into_iter().chain(others) {
        assert!(jsonschema::meta::is_valid(&schema));
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

#[test]
fn plans_match_their_schema_and_come_back_the_same() {
    let schema = validator(&schema::<Plan>());
    let hostile = samples::HOSTILE.map(samples::hostile);
    for plan in [samples::everything(), samples::plan(vec![])].iter().chain(&hostile) {
        let json = rendered(plan, Format::Json, &PLAIN);
        let value: Value = serde_json::from_str(&json).unwrap();
        assert!(schema.is_valid(&value), "{:?}", schema.iter_errors(&value).next());
        assert_eq!(&serde_json::from_str::<Plan>(&json).unwrap(), plan);
    }
}

#[test]
fn outcomes_match_their_schema_and_come_back_the_same() {
    let outcome = samples::outcome();
    let json = result(&outcome, Format::Json);
    let value: Value = serde_json::from_str(&json).unwrap();
    assert!(validator(&schema::<Outcome>()).is_valid(&value));
    assert_eq!(serde_json::from_str::<Outcome>(&json).unwrap(), outcome);
}

#[test]
fn amounts_are_strings() {
    let value: Value = serde_json::from_str(&rendered(&samples::everything(), Format::Json, &PLAIN)).unwrap();
    let text = value.to_string();
    assert!(text.contains(r#"{"money":"350.00"}"#), "{text}");
}
