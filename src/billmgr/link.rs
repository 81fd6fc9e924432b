//! Calls on a panel: authentication, the meaning of a reply, repetition.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use super::failure::{Denied, Failure};
use super::gate::Gate;
use super::http::{Http, Reply, Sent};
use super::scrub::Scrub;
use super::session::Session;
use super::settings::{AuthMode, Settings};
use super::trace;
use super::trouble::{Intent, Trouble};
use crate::{
    language::t,
    wire::{Answer, DecodeError, PanelError, Param, ParamValue, decode, one_line},
};

/// Parameters that belong to the transport; a form field of that name is not posted.
pub(super) const RESERVED: [&str; 6] = ["func", "out", "lang", "auth", "authinfo", "su"];
/// The longest pause between two attempts.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// A panel and what this run knows about talking to it.
pub(super) struct Link {
    pub(super) http: Http,
    pub(super) scrub: Scrub,
    pub(super) session: Mutex<Option<Session>>,
    gate: Gate,
    host: String,
}

/// One call.
pub(super) struct Call<'a> {
    pub(super) func: &'a str,
    pub(super) lang: &'a str,
    pub(super) params: &'a [Param],
    pub(super) intent: Intent,
}

impl Link {
    pub(super) fn new(settings: Settings) -> Result<Self, Failure> {
        let scrub = Scrub::default();
        scrub.learn(settings.password.expose_secret());
        if let Some(secret) =
            settings.proxy.as_deref().and_then(|p| reqwest::Url::parse(p).ok()?.password().map(str::to_owned))
        {
            scrub.learn(&secret);
        }
        let gate = Gate::new(settings.concurrency);
        let http = Http::new(settings)?;
        let url = http.url();
        let mut host = url.host_str().unwrap_or_default().to_owned();
        if let Some(port) = url.port() {
            host = format!("{host}:{port}");
        }
        Ok(Self { http, scrub, session: Mutex::new(None), gate, host })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn sent(&self) -> u64 {
        self.http.sent()
    }

    pub(super) fn settings(&self) -> &Settings {
        self.http.settings()
    }

    /// Makes a call, as often as it may be made.
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Failure> {
        let tape = self.settings().tape.as_ref();
        if tape.is_some() && call.intent == Intent::Write {
            let why = t!("this connection is recorded, and only reads");
            return Err(Failure::NotSaved { func: one_line(call.func), why });
        }
        for param in call.params {
            if let ParamValue::Secret(secret) = &param.value {
                self.scrub.learn(secret.expose_secret());
            }
        }
        self.repeat(call.intent, || self.authorised(call))
            .await
            .map_err(|trouble| trouble.failure(&self.host, &one_line(call.func), call.intent))
            .inspect_err(|failure| tape.into_iter().for_each(|tape| tape.missed(failure)))
    }

    /// Repeats what may be repeated, with growing pauses that vary at random.
    pub(super) async fn repeat<T, F>(&self, intent: Intent, attempt: impl FnMut() -> F) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let settings = self.settings();
        let pauses = ExponentialBuilder::default()
            .with_min_delay(settings.pause)
            .with_max_delay(MAX_PAUSE)
            .with_max_times(settings.retries)
            .with_jitter();
        attempt
            .retry(pauses)
            .when(|trouble: &Trouble| trouble.repeatable(intent))
            .adjust(|trouble, pause| pause.map(|pause| trouble.wait().map_or(pause, |wait| wait.max(pause))))
            .await
    }

    /// One attempt, with credentials; a session that has died is renewed once.
    async fn authorised(&self, call: &Call<'_>) -> Result<Answer, Trouble> {
        if self.settings().auth == AuthMode::AuthInfo {
            let (user, password) = (&self.settings().user, self.settings().password.expose_secret());
            // Of its full size at once: a buffer that grows leaves copies behind.
            let mut authinfo = Zeroizing::new(String::with_capacity(user.len() + 1 + password.len()));
            authinfo.extend([user, ":", password]);
            return self.attempt(call, Sent::secret("authinfo", &authinfo)).await;
        }
        let session = self.session(None).await?;
        let first = self.attempt(call, Sent::secret("auth", session.id())).await;
        match first {
            // A dead session and a missing right look the same. Either way the call was not
            // carried out, so it may be made again, a write too.
            Err(Trouble::Access { .. } | Trouble::Denied { why: Denied::Password, .. }) => {
                let session = self.session(Some(session)).await?;
                self.attempt(call, Sent::secret("auth", session.id())).await
            }
            other => other,
        }
    }

    async fn attempt(&self, call: &Call<'_>, credentials: Sent<'_>) -> Result<Answer, Trouble> {
        let mut form = vec![
            Sent::open("func", call.func),
            Sent::open("out", "json"),
            Sent::open("lang", call.lang),
            credentials,
        ];
        let own = call.params.iter().filter(|p| !RESERVED.contains(&p.name.as_str()));
        form.extend(own.map(|param| Sent {
            name: &param.name,
            value: param.wire(),
            secret: matches!(param.value, ParamValue::Secret(_)),
        }));
        self.exchange(&form, call.intent).await
    }

    /// An exchange, made again while the panel is busy with an identical request.
    ///
    /// That answer says that this one was not carried out, so a write may wait like a read.
    pub(super) async fn exchange(&self, form: &[Sent<'_>], intent: Intent) -> Result<Answer, Trouble> {
        let deadline = Instant::now() + self.settings().long_deadline;
        let mut pause = self.settings().pause;
        loop {
            match self.once(form, intent).await {
                Err(Trouble::InProcess { .. }) if Instant::now() + pause < deadline => {}
                other => return other,
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// One request and its document; waits for its turn, and for a long request's result.
    async fn once(&self, form: &[Sent<'_>], intent: Intent) -> Result<Answer, Trouble> {
        let _turn = self.gate.enter().await;
        let started = Instant::now();
        let reply = self.http.post(form, intent).await.map_err(|t| self.cleaned(t));
        let took = started.elapsed();
        let size = reply.as_ref().map_or(0, |reply| reply.body.len());
        let answer = match reply {
            Ok(reply) => match self.long_address(&reply) {
                Some(address) => self.long_result(address, intent).await,
                None => self.document(reply),
            },
            Err(trouble) => Err(trouble),
        };
        if let (Some(tape), Ok(answer)) = (&self.settings().tape, &answer) {
            tape.hear(form, answer);
        }
        let accepted = match &answer {
            Ok(answer) => self.accept(answer),
            Err(trouble) => Err(trouble.clone()),
        };
        trace::tell(
            &self.settings().trace,
            &self.scrub,
            form,
            &trace::Heard { took, size, answer: answer.as_ref().ok(), trouble: accepted.as_ref().err() },
        );
        accepted.and(answer)
    }

    /// The document of a reply. Errors of the panel come with status 200, but any status may carry one.
    pub(super) fn document(&self, reply: Reply) -> Result<Answer, Trouble> {
        let status = reply.status;
        if (300..400).contains(&status) {
            let to = reply.location.unwrap_or_else(|| "nowhere".to_owned());
            let why = t!(
                "HTTP {status} redirects to {to}: not the panel's API, or a lost session",
                status = status,
                to = self.scrub.clean(&to)
            );
            return Err(Trouble::Foreign { why });
        }
        let decoded = decode(&reply.body);
        match decoded {
            Ok(answer) if status < 300 || answer.error().is_some() => Ok(answer),
            _ if matches!(status, 408 | 429) || status >= 500 => {
                Err(Trouble::Busy { why: format!("HTTP {status}"), after: reply.after })
            }
            Ok(_) => Err(Trouble::Foreign { why: format!("HTTP {status}") }),
            Err(error) => Err(self.undecoded(&error, status)),
        }
    }

    fn undecoded(&self, error: &DecodeError, status: u16) -> Trouble {
        let mut why = match error {
            DecodeError::NotADocument { excerpt } => format!("{error}: \"{excerpt}\""),
            _ => error.to_string(),
        };
        if status != 200 {
            why = format!("HTTP {status}: {why}");
        }
        let why = self.scrub.clean(&why);
        match error {
            DecodeError::Truncated => Trouble::Cut { why },
            DecodeError::TooLarge => Trouble::TooLarge { why },
            DecodeError::Html { .. } | DecodeError::NotADocument { .. } => Trouble::Foreign { why },
        }
    }

    /// Sorts out the documents that say the call never got to its function.
    fn accept(&self, answer: &Answer) -> Result<(), Trouble> {
        if let Some(done) = answer.ok() {
            // With a second factor every call is "successful" and only asks for the code.
            let asks = done.text.is_some_and(|text| text.contains("totp.confirm"));
            if asks {
                return Err(Trouble::Denied { why: Denied::SecondFactor, text: String::new() });
            }
            return Ok(());
        }
        match answer.error() {
            // Whoever is not logged in is shown the login form, whatever was called.
            None if answer.func() == Some("logon") => {
                Err(Trouble::Denied { why: Denied::Password, text: t!("the login form came") })
            }
            None => Ok(()),
            Some(error) => Err(self.refusal(&self.scrub.error(&error))),
        }
    }

    fn refusal(&self, error: &PanelError) -> Trouble {
        let text = error.message.clone();
        let lower = text.to_lowercase();
        if lower.contains("request in process") {
            // One request at a time from here on: this panel does not take two.
            self.gate.narrow();
            return Trouble::InProcess { text };
        }
        if lower.contains("access from this ip") {
            return Trouble::Denied { why: Denied::Address, text };
        }
        match error.kind.as_str() {
            "auth" => Trouble::Denied { why: Denied::Password, text },
            "access" => Trouble::Access { text },
            _ => Trouble::Panel(error.clone()),
        }
    }

    /// Reasons come from below, where secrets are not known.
    pub(super) fn cleaned(&self, trouble: Trouble) -> Trouble {
        match trouble {
            Trouble::NotSent { why, hopeless } => Trouble::NotSent { why: self.scrub.clean(&why), hopeless },
            Trouble::Lost { why } => Trouble::Lost { why: self.scrub.clean(&why) },
            Trouble::Cut { why } => Trouble::Cut { why: self.scrub.clean(&why) },
            other => other,
        }
    }
}

/// Shared by readers and writers.
pub(super) type Shared = Arc<Link>;
