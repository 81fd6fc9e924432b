//! Where output goes: data to stdout, talk to stderr, colour and width as the terminal has them.

use std::io::{self, IsTerminal, Write};

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    cli::{ColorWhen, Talk},
    language::{Language, t},
    report::Style,
};

/// The widest text without a terminal, so that CI logs stay readable.
const PIPE_WIDTH: usize = 100;

/// The process's output.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    color_out: bool,
    color_err: bool,
    width: usize,
    quiet: bool,
    verbose: u8,
}

impl Terminal {
    pub(crate) fn new(talk: &Talk) -> Self {
        let color = |terminal: bool| match talk.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            // https://no-color.org: any value that is not empty.
            ColorWhen::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        Self {
            color_out: color(io::stdout().is_terminal()),
            color_err: color(io::stderr().is_terminal()),
            width: width.or(columns).unwrap_or(PIPE_WIDTH),
            quiet: talk.quiet,
            verbose: talk.verbose,
        }
    }

    pub(crate) fn style(&self) -> Style {
        Style { color: self.color_out, width: self.width, verbose: self.verbose > 0, ..Style::default() }
    }

    /// The style of a report in a file.
    pub(crate) fn file_style(&self) -> Style {
        Style { color: false, width: PIPE_WIDTH, verbose: self.verbose > 0, ..Style::default() }
    }

    /// Writes data. A reader that went away (`| head`) is no error of ours.
    pub(crate) fn data(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Says something to the person at the terminal.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            self.complain(line);
        }
    }

    /// Says what only `--verbose` wants to hear.
    pub(crate) fn whisper(&self, line: &str) {
        if self.verbose > 0 {
            self.complain(line);
        }
    }

    /// How often `--verbose` was given.
    pub(crate) fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// Writes to stderr whatever `--quiet` says.
    pub(crate) fn complain(&self, line: &str) {
        // Nobody is left to tell when stderr is gone.
        drop(writeln!(io::stderr().lock(), "{line}"));
    }

    /// A report of an error as people read it.
    pub(crate) fn report(&self, diagnostic: &dyn miette::Diagnostic) -> String {
        self.report_in(diagnostic, self.color_err)
    }

    /// The same where it is the result that was asked for.
    pub(crate) fn report_in(&self, diagnostic: &dyn miette::Diagnostic, color: bool) -> String {
        let theme =
            if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
        let handler =
            miette::GraphicalReportHandler::new_themed(theme).with_width(self.width).with_links(false);
        let mut text = String::new();
        // The renderer's own word for help is English.
        let rendered = match Language::spoken() {
            Language::English => handler.render_report(&mut text, diagnostic),
            Language::Russian => handler.render_report(&mut text, &Helpless(diagnostic)).map(|()| {
                text.extend(diagnostic.help().map(|help| self.help(&help.to_string(), color)));
            }),
        };
        if rendered.is_ok() { text } else { diagnostic.to_string() }
    }

    /// Help as the renderer would write it below a report.
    fn help(&self, help: &str, color: bool) -> String {
        let word = t!("help:");
        let rest = " ".repeat(word.width() + 3);
        let blue = anstyle::RgbColor(106, 159, 181).on_default();
        let first = if color { format!("  {blue}{word}{blue:#} ") } else { format!("  {word} ") };
        let options = textwrap::Options::new(self.width.saturating_sub(2))
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(help, options) + "\n"
    }

    /// A spinner for what may take longer than a second; hidden where nobody would see it turn.
    pub(crate) fn spinner(&self, message: String) -> indicatif::ProgressBar {
        // Between lines about requests it would only be torn apart.
        if self.quiet || self.verbose > 1 || !io::stderr().is_terminal() {
            self.say(&message);
            return indicatif::ProgressBar::hidden();
        }
        let spinner = indicatif::ProgressBar::new_spinner().with_message(message);
        spinner.enable_steady_tick(std::time::Duration::from_millis(100));
        spinner
    }

    /// Whether a person can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question whose only consenting answer is `yes`.
    pub(crate) fn ask(&self, question: &str) -> io::Result<bool> {
        Ok(self.answer(question)? == "yes")
    }

    /// Asks for a line of text.
    pub(crate) fn answer(&self, question: &str) -> io::Result<String> {
        write!(io::stderr().lock(), "{question} ")?;
        io::stderr().flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(answer.trim().to_owned())
    }
}

/// An error without its help.
#[derive(Debug)]
struct Helpless<'a>(&'a dyn Diagnostic);

impl std::fmt::Display for Helpless<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self.0, out)
    }
}

impl std::error::Error for Helpless<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl Diagnostic for Helpless<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.0.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.0.severity()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.labels()
    }
}

#[cfg(test)]
mod tests {
    use super::Terminal;
    use crate::language::{Language, speaking};

    #[test]
    fn help_stands_below_a_report_in_both_languages() {
        let terminal = Terminal { color_out: false, color_err: false, width: 40, quiet: false, verbose: 0 };
        let help = "write the whole address with its scheme";
        let problem = miette::MietteDiagnostic::new("no address").with_code("a::b").with_help(help);
        let told = |language| speaking(language, || terminal.report(&problem));
        let english = "a::b\n\n  × no address\n  help: write the whole address with\n        its scheme\n";
        assert_eq!(told(Language::English), english);
        let russian = "a::b\n\n  × no address\n  совет: write the whole address with\n         its scheme\n";
        assert_eq!(told(Language::Russian), russian);
    }
}
