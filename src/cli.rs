//! The command line: types and their help, nothing else.

mod allow;
mod capture;
mod check;
mod comment;
mod fmt;
mod simulate;
pub(crate) mod spoken;
#[cfg(test)]
mod tests;
mod upstream;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use clap::{
    ArgAction, Args, Parser, Subcommand, ValueEnum,
    builder::{NonEmptyStringValueParser, PossibleValuesParser},
};
use clap_complete::Shell;

pub(crate) use allow::AllowArgs;
pub(crate) use capture::Capture;
pub(crate) use check::{Check, Explain, Findings};
pub(crate) use comment::Comment;
pub(crate) use fmt::Fmt;
pub(crate) use simulate::{Simulate, SimulateCommand, SimulateOrder, SimulateRun};
pub(crate) use upstream::{Costs, CostsCommand, CostsDiff, CostsPull, FromServer, Pool, PoolFormat};

use crate::{
    config::SCHEMAS,
    kinds,
    language::{Language, t},
    plan::{Selection, Selector},
    report::{CommentStyle, Format, Marker, Platform},
    sandbox,
};

const EXIT_CODES: &str = "\
Exit codes:
  0    success: valid, in sync, applied; also a plan with changes
  1    a bug of billform
  2    changes present (plan --detailed-exitcode, drift, diff, fmt --check)
  3    invalid input: YAML, schema, references, a failed check
  4    refused: a guard, a missing confirmation, a name that could not be told
  5    the panel changed since the plan was made
  6    partly applied
  7    authentication or rights; a retry will not help
  8    panel unreachable, nothing was changed
  9    a list could not be proven complete, so nothing is planned
  64   wrong usage
  130  interrupted";

/// Declarative licence-resale configuration for ISPsystem BILLmanager.
///
/// Describe processors, panel enumerations, prices and period mappings in YAML; see the difference from
/// the live panel as a plan; apply exactly that plan.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) talk: Talk,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How much to say, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct Talk {
    /// When to colour: in a terminal, always or never. NO_COLOR counts too.
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN")]
    pub(crate) color: ColorWhen,
    /// Language of reports, help and talk [default: what LC_ALL, LC_MESSAGES or LANG say]
    #[arg(long, global = true, env = "BILLFORM_LANG", value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Language>,
    /// Say nothing but the result and errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: what is left alone, and each list that was read. Twice: each request to the panel; three
    /// times: what was sent and the shape of the answer, too. Never the value of a secret
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check configuration files without a panel
    #[command(
        after_help = "Examples:\n  billform validate examples/hosting\n  billform validate panel.yaml --format json\n  \
                            billform validate config/ --report sarif=billform.sarif --report junit=junit.xml"
    )]
    Validate(Validate),
    /// Look for mistakes that cost money, in a valid configuration
    #[command(
        after_help = "Examples:\n  billform check config/\n  billform check config/ --live --strict\n  \
                            billform check config/ --beside test/ --format json"
    )]
    Check(Box<Check>),
    /// Explain a check by its code, or a field of the configuration
    #[command(after_help = "Examples:\n  billform explain L08\n  billform explain prices.items")]
    Explain(Explain),
    /// Put configuration files in the usual layout; what they mean, and comments, stay
    #[command(after_help = "Examples:\n  billform fmt config/\n  billform fmt config/ --check -v\n  \
                            billform fmt - < prices.yaml")]
    Fmt(Fmt),
    /// Show what apply would do; never writes to the panel
    #[command(
        after_help = "Examples:\n  billform plan config/ --url https://bill.example.com/billmgr --user robot\n  \
                            billform plan config/ --report markdown=plan.md --detailed-exitcode"
    )]
    Plan(PlanArgs),
    /// Plan, ask, and carry the plan out
    #[command(
        after_help = "Examples:\n  billform apply config/\n  billform apply config/ --yes --allow-deletes enumeration-item:1\n  \
                            billform apply config/ --rotate-secret licences"
    )]
    Apply(Box<Apply>),
    /// Show a saved plan, in any format; needs no panel
    #[command(
        after_help = "Examples:\n  billform show plan.json\n  billform show plan.json --format markdown > comment.md"
    )]
    Show(Show),
    /// Write a saved plan as the comment of a pull or merge request, on GitHub, GitLab or Gitea
    #[command(
        after_help = "Examples:\n  billform comment plan.json\n  billform comment plan.json --marker production --dry-run\n  \
                            billform comment plan.json --platform gitea --api-url https://git.example.com/api/v1 \\\n    \
                              --repository acme/config --number 17 --token-file token"
    )]
    Comment(Box<Comment>),
    /// List the applies of the past, or show one
    #[command(after_help = "Examples:\n  billform history\n  billform history show 7-1f3a")]
    History(History),
    /// Plan the way back from an apply; `apply` carries it out
    #[command(
        after_help = "Example:\n  billform rollback 7-1f3a --out back.json && billform apply back.json"
    )]
    Rollback(Rollback),
    /// Write the live panel as configuration that plans empty
    #[command(after_help = "Examples:\n  billform export > panel.yaml\n  billform export --out config/")]
    Export(Export),
    /// Report how the panel differs from the configuration, for cron: exit code 2 on difference
    #[command(
        after_help = "Examples:\n  billform drift config/\n  billform drift config/ --format json --quiet\n  \
                            billform drift config/ --news --notify --metrics /var/lib/node_exporter/billform.prom"
    )]
    Drift(Drift),
    /// Compare two configurations without a panel
    #[command(
        after_help = "Examples:\n  billform diff main/ branch/\n  billform diff exported.yaml config/ --format markdown"
    )]
    Diff(Diff),
    /// Simulate which licences sales order, and what they earn
    #[command(
        after_help = "Example:\n  billform simulate order config/ --tariff vds-start --panel 55227 --period 3m"
    )]
    Simulate(Simulate),
    /// Compare what licences cost with what the licence server says, or take it over
    #[command(after_help = "Examples:\n  billform costs diff config/\n  billform costs pull config/")]
    Costs(Costs),
    /// Sort the licences of the account: on a service, free, resting, lost, and what each is worth
    #[command(
        after_help = "Examples:\n  billform pool config/\n  billform pool config/ --soon 14 --format csv > pool.csv"
    )]
    Pool(Pool),
    /// Begin: make a configuration from a live panel, and show that it plans empty
    #[command(
        after_help = "Example:\n  billform init config --url https://bill.example.com/billmgr --user robot"
    )]
    Init(Init),
    /// Look at a panel: what can be managed there, what is missing, and which line of the configuration
    /// would settle it
    #[command(
        after_help = "Examples:\n  billform doctor --url https://bill.example.com/billmgr --user robot\n  billform doctor config/ --format json"
    )]
    Doctor(Doctor),
    /// Record what billform reads on a panel, without anybody's data, to attach to a report of a bug
    #[command(
        after_help = "Examples:\n  billform capture recording/ --url https://bill.example.com/billmgr --user robot\n  \
                            billform capture recording/ -v\n  billform sandbox --replay recording/"
    )]
    Capture(Capture),
    /// Print the JSON Schema of the configuration, of one section, or of a report
    #[command(after_help = "Examples:\n  billform schema > billform.schema.json\n  billform schema prices")]
    Schema(Schema),
    /// Serve an emulated BILLmanager on this machine, a pair of them, or a recording
    #[command(
        after_help = "Examples:\n  billform sandbox\n  billform sandbox --dialect-seed 7 --hostile all --listen 127.0.0.1:8080\n  \
                            billform sandbox --state panel.json\n  billform sandbox --replay recording/\n  billform sandbox --pair --at 2026-01-31"
    )]
    Sandbox(SandboxArgs),
    /// Show the whole tool at work on a sandbox of its own
    #[command(after_help = "Example:\n  billform demo")]
    Demo(Demo),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  billform completions bash > /etc/bash_completion.d/billform")]
    Completions(Completions),
    /// Print the manual page, or write one per command
    #[command(after_help = "Examples:\n  billform man | man -l -\n  billform man --out man/")]
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// A YAML file, or a directory of them
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) output: Findings,
}

/// Text for people or data for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Data {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// A YAML file, or a directory of them
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) select: Select,
    /// Send the password of this processor although it cannot be seen to differ (repeatable)
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) rotate_secret: Vec<String>,
    /// Exit with 2 if there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Save the plan to a file for `apply` and `show`
    #[arg(long, value_name = "FILE", value_parser = plan_file)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

/// A saved plan's file: its ending tells `apply` a plan from a configuration.
fn plan_file(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    if is_plan_file(&file) { Ok(file) } else { Err(t!("the name of a saved plan ends in .json")) }
}

/// Whether the path names a saved plan and not a configuration.
pub(crate) fn is_plan_file(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "json")
}

/// Which of the changes to keep.
#[derive(Clone, Debug, Args)]
pub(crate) struct Select {
    /// Keep to this object and what it needs, like enumeration-item/panel/3541 or price/vds-start/* (repeatable)
    #[arg(long, value_name = "KIND/KEY", value_parser = parse_selector)]
    pub(crate) target: Vec<Selector>,
    /// Leave out this object and what needs it (repeatable)
    #[arg(long, value_name = "KIND/KEY", value_parser = parse_selector)]
    pub(crate) exclude: Vec<Selector>,
}

impl Select {
    pub(crate) fn selection(&self) -> Selection {
        Selection { targets: self.target.clone(), excluded: self.exclude.clone(), ..Selection::default() }
    }
}

fn parse_selector(text: &str) -> Result<Selector, String> {
    let selector: Selector = text.parse()?;
    known_kind(selector.kind())?;
    Ok(selector)
}

/// Refuses what is not the name of a kind.
fn known_kind(kind: &str) -> Result<(), String> {
    let known: Vec<&str> = kinds::ALL.iter().map(|kind| kind.name()).collect();
    if known.contains(&kind) {
        return Ok(());
    }
    Err(t!("`{kind}` is not a kind; the kinds are {kinds}", kind = kind, kinds = known.join(", ")))
}

/// Where applies are written down.
#[derive(Clone, Debug, Args)]
pub(crate) struct StateArgs {
    /// Directory of the journal and the lock [default: $XDG_STATE_HOME/billform or ~/.local/state/billform]
    #[arg(long, env = "BILLFORM_STATE_DIR", value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A saved plan (*.json), or the configuration to plan now: a YAML file or a directory of them
    #[arg(value_name = "PLAN|PATH")]
    pub(crate) path: PathBuf,
    /// Apply the saved plan only if it was made from this configuration
    #[arg(long, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) select: Select,
    #[command(flatten)]
    pub(crate) state: StateArgs,
    /// Send the password of this processor although it cannot be seen to differ (repeatable)
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) rotate_secret: Vec<String>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The saved plan
    #[arg(value_parser = plan_file)]
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct History {
    #[command(subcommand)]
    pub(crate) command: Option<HistoryCommand>,
    #[command(flatten)]
    pub(crate) list: HistoryList,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryList {
    /// How the list is written
    #[arg(long, value_enum, default_value_t = Data::Text)]
    pub(crate) format: Data,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// Show one apply: who, when, and what came of each object
    Show(HistoryShow),
}

#[derive(Debug, Args)]
pub(crate) struct HistoryShow {
    /// The apply, as `history` lists it; `last` for the newest
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) list: HistoryList,
}

#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The apply, as `history` lists it; `last` for the newest
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Save the plan to a file for `apply` and `show`
    #[arg(long, value_name = "FILE", value_parser = plan_file)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    /// Directory to write to, one file per section; standard output when left out. A configuration
    /// that is there is edited in place: comments and order stay, and so does its scope
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Add what the configuration in DIR does not mention
    #[arg(long, requires = "out")]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// A YAML file, or a directory of them
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Print only what is new since the last time, and once what is as configured again; nothing where there is
    /// neither. The exit code tells the state all the same, and reports in files are whole
    #[arg(long)]
    pub(crate) news: bool,
    /// Send the news to those that the configuration names under `notify`, too
    #[arg(long, requires = "news")]
    pub(crate) notify: bool,
    /// Say what the panel's history of a tariff plan has as its last entry, where its prices or resource differ
    #[arg(long)]
    pub(crate) attribute: bool,
    /// Write figures for Prometheus to a file, also when the run fails
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// Look again and again, with such a pause and some jitter, like 30s, 5m or 1h
    #[arg(long, value_name = "PAUSE", value_parser = parse_pause)]
    pub(crate) watch: Option<Duration>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

/// A pause from a second to a day.
fn parse_pause(text: &str) -> Result<Duration, String> {
    let unit = [('s', 1), ('m', 60), ('h', 3600)].into_iter().find_map(|(unit, seconds)| {
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(seconds)
    });
    let fits = unit.filter(|seconds| (1..=86_400).contains(seconds));
    fits.map(Duration::from_secs).ok_or_else(|| t!("write a pause from 1s to 24h, like 30s, 5m or 1h"))
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Directory to write to; it must not hold a configuration yet
    #[arg(default_value = "config", value_name = "DIR")]
    pub(crate) directory: PathBuf,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// A configuration whose `panel` and `dialect` are used: a YAML file, or a directory of them
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Data::Text)]
    pub(crate) format: Data,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The configuration to start from: a YAML file or a directory
    pub(crate) before: PathBuf,
    /// The configuration to end at
    pub(crate) after: PathBuf,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How a plan is written.
#[derive(Clone, Debug, Args)]
pub(crate) struct Output {
    /// How the plan is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the plan to a file too, however the command then ends (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_report::<Format>)]
    pub(crate) report: Vec<ReportTo>,
    /// Name of this plan among those of one pull request; in the hidden marker of a Markdown report
    #[arg(long, env = "BILLFORM_MARKER", value_name = "NAME")]
    pub(crate) marker: Option<Marker>,
    /// Where a Markdown report is to fit into a comment
    #[arg(long, value_enum, default_value_t = Platform::Github)]
    pub(crate) platform: Platform,
}

impl Output {
    pub(crate) fn comment(&self) -> CommentStyle {
        CommentStyle { marker: self.marker.clone(), platform: self.platform }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ReportTo<F = Format> {
    pub(crate) format: F,
    pub(crate) file: PathBuf,
}

fn parse_report<F: FromStr<Err = String>>(text: &str) -> Result<ReportTo<F>, String> {
    let (format, file) =
        text.split_once('=').ok_or_else(|| t!("write FORMAT=FILE, for example json=report.json"))?;
    if file.is_empty() {
        return Err(t!("the file's name is missing"));
    }
    Ok(ReportTo { format: format.parse()?, file: PathBuf::from(file) })
}

/// How to reach the panel. What is not given is taken from `panel:` in the configuration.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Panel")]
pub(crate) struct PanelArgs {
    /// Full address of the panel's API, like `https://bill.example.com/billmgr`
    #[arg(long, env = "BILLFORM_URL", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) url: Option<String>,
    /// Login of an administrator
    #[arg(long, env = "BILLFORM_USER", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) user: Option<String>,
    /// File with the password; else the environment variable BILLFORM_PASSWORD
    #[arg(long, env = "BILLFORM_PASSWORD_FILE", value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Send the login with each request, or log in once
    #[arg(long, env = "BILLFORM_AUTH", value_enum, default_value_t = AuthArg::Authinfo)]
    pub(crate) auth: AuthArg,
    #[command(flatten)]
    pub(crate) link: LinkArgs,
}

/// How to talk to panels.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct LinkArgs {
    /// Requests in flight at a time; one by one once the panel says it is busy
    #[arg(long, env = "BILLFORM_CONCURRENCY", default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) concurrency: u16,
    /// Seconds to wait for a connection
    #[arg(long, env = "BILLFORM_CONNECT_TIMEOUT", default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) connect_timeout: u16,
    /// Seconds to wait for one answer
    #[arg(long, env = "BILLFORM_TIMEOUT", default_value_t = 120, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) timeout: u16,
    /// Proxy for all requests; HTTPS_PROXY counts too
    #[arg(long, env = "BILLFORM_PROXY", value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// File with further certificate authorities, as PEM
    #[arg(long, env = "BILLFORM_CA_FILE", value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthArg {
    Authinfo,
    Session,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Section or report; the whole configuration when left out
    #[arg(value_parser = schema_names())]
    pub(crate) name: Option<String>,
}

/// What `schema` can be asked for besides the whole configuration.
fn schema_names() -> PossibleValuesParser {
    PossibleValuesParser::new(SCHEMAS.iter().map(|name| name.as_str()).chain([
        "plan",
        "saved-plan",
        "outcome",
        "simulated-orders",
        "scenario",
        "simulation",
        "findings",
        "costs-diff",
        "pool",
        "drift-news",
        "doctor",
        "capture",
    ]))
}

#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// Address to listen on; loopback only
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// What the panel is filled with
    #[arg(long, default_value_t = sandbox::Seed::Hosting, value_name = "SEED", value_parser = parse_word::<sandbox::Seed>)]
    pub(crate) seed: sandbox::Seed,
    /// Number that draws the names which no public record gives
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) dialect_seed: u64,
    /// Hostile modes, separated by commas, or `all`
    #[arg(long, value_name = "MODE", value_delimiter = ',', value_parser = parse_hostile)]
    pub(crate) hostile: Vec<HostileArg>,
    /// Password of the panel's administrator
    #[arg(long, default_value = "sandbox", value_name = "PASSWORD", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) password: String,
    /// File to keep the panel's state in; like a panel's database, it has the passwords of processors
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Serve this recording of `billform capture` instead: what was read there, and nothing else
    #[arg(long, value_name = "DIR", conflicts_with_all = ["seed", "dialect_seed", "hostile", "state", "pair"])]
    pub(crate) replay: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pair: PairArgs,
}

/// A provider's panel and a licence server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pair")]
pub(crate) struct PairArgs {
    /// Serve a licence server beside the panel, with orders, money and a clock
    #[arg(long, conflicts_with = "state")]
    pub(crate) pair: bool,
    /// Address for the licence server to listen on; loopback only
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS", requires = "pair")]
    pub(crate) licence_listen: SocketAddr,
    /// Password of the licence server's users
    #[arg(long, default_value = "licences", value_name = "PASSWORD", requires = "pair", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) licence_password: String,
    /// Day on which the pair begins, like 2026-01-31 [default: today]
    #[arg(long, value_name = "DATE", requires = "pair", value_parser = simulate::date)]
    pub(crate) at: Option<jiff::civil::Date>,
    /// What the account at the licence server holds
    #[arg(long, default_value = "1000000.00", value_name = "AMOUNT", requires = "pair")]
    pub(crate) balance: String,
    /// Currency of that account
    #[arg(long, default_value = "RUB", value_name = "RUB|EUR", requires = "pair", value_parser = ["RUB", "EUR"])]
    pub(crate) currency: String,
    /// Answer to a question that the public record leaves open (repeatable): release_restarts_cooldown=yes|no,
    /// renewal_without_row=one_month|same_period, target_not_offered=error|smallest, newkey_cooldown=no|yes,
    /// trial_days=1..365; the first of each is the default, and 14 days
    #[arg(long, value_name = "QUESTION=ANSWER", requires = "pair", value_parser = parse_reading)]
    pub(crate) reading: Vec<sandbox::Reading>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostileArg {
    All,
    One(sandbox::Hostile),
}

fn parse_word<T: FromStr<Err = sandbox::UnknownWord>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|sandbox::UnknownWord { word, known }| {
        t!("`{word}` is not one of {known}", word = word, known = known)
    })
}

fn parse_reading(text: &str) -> Result<sandbox::Reading, String> {
    text.parse().map_err(|_| {
        t!(
            "`{word}` is no reading; there are release_restarts_cooldown=yes|no, renewal_without_row=one_month|same_period, target_not_offered=error|smallest, newkey_cooldown=no|yes and trial_days=1..365",
            word = text
        )
    })
}

fn parse_hostile(text: &str) -> Result<HostileArg, String> {
    if text == "all" { Ok(HostileArg::All) } else { parse_word(text).map(HostileArg::One) }
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Number that draws the names of the demo's panel
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) dialect_seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Directory to write one page per command to; the main page on standard output when left out
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
