//! The three APIs: which address, which words.
//!
//! GitHub: <https://docs.github.com/en/rest/issues/comments>, <https://docs.github.com/en/rest/issues/labels>.
//! GitLab: <https://docs.gitlab.com/api/notes/#merge-requests>, <https://docs.gitlab.com/api/merge_requests/>.
//! Gitea: <https://docs.gitea.com/api/1.24/#tag/issue>; it is like GitHub's, but labels go by number.

use reqwest::{Method, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{
    ForgeFailure, Place, Platform,
    http::{Http, Twice},
};
use crate::{language::t, net::Way};

/// No pull request has as many pages; a forge that sends more sends them in a circle.
const MOST_PAGES: usize = 1000;

/// A pull request, and the right to write to it.
pub(crate) struct Forge {
    http: Http,
    place: Place,
}

/// A comment as the platform has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(super) id: u64,
    pub(super) body: String,
    author: Author,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Author {
    login: String,
    robot: bool,
}

/// Whose comments are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Us {
    User(String),
    /// A token of a pipeline may not ask who it is; such tokens write as robots.
    Robot,
}

impl Us {
    pub(super) fn wrote(&self, comment: &Comment) -> bool {
        match self {
            Self::User(login) => comment.author.login.eq_ignore_ascii_case(login),
            Self::Robot => comment.author.robot,
        }
    }
}

impl Forge {
    pub(crate) fn new(
        place: Place,
        token: &SecretString,
        way: &Way<'_>,
        told: Box<dyn Fn(&str)>,
    ) -> Result<Self, ForgeFailure> {
        let token = token.expose_secret();
        let (bearer, token_word) = (format!("Bearer {token}"), format!("token {token}"));
        let headers: &[(&'static str, &str)] = match place.platform {
            Platform::Github => &[
                ("authorization", &bearer),
                ("accept", "application/vnd.github+json"),
                ("x-github-api-version", "2022-11-28"),
            ],
            Platform::Gitlab => &[("private-token", token), ("accept", "application/json")],
            Platform::Gitea => &[("authorization", &token_word), ("accept", "application/json")],
        };
        let http = Http::new(&place.api, way, headers, token, told)?;
        Ok(Self { http, place })
    }

    /// Whose the token is.
    pub(super) async fn us(&self) -> Result<Us, ForgeFailure> {
        let word = if self.place.platform == Platform::Gitlab { "username" } else { "login" };
        match self.http.get(self.http.url(&["user"])).await {
            Ok(reply) => Ok(Us::User(self.text(&reply.value, word)?.to_owned())),
            // 401 is a bad token; these say that it belongs to no person.
            Err(ForgeFailure::Denied { ref why, .. }) if is_robot(why) => Ok(Us::Robot),
            Err(ForgeFailure::NotFound { .. }) => Ok(Us::Robot),
            Err(failure) => Err(failure),
        }
    }

    /// All comments, oldest first.
    pub(super) async fn comments(&self) -> Result<Vec<Comment>, ForgeFailure> {
        let rows = self.all(self.page(self.comments_url())).await?;
        rows.iter().filter(|row| row["system"] != true).map(|row| self.comment(row)).collect()
    }

    /// Writes a new comment and says which it is.
    pub(super) async fn create(&self, body: &str) -> Result<u64, ForgeFailure> {
        let body = json!({"body": body});
        let reply = self.http.send(Method::POST, self.comments_url(), Some(&body), Twice::Never).await?;
        reply.value["id"].as_u64().ok_or_else(|| self.unreadable(t!("a comment without an id")))
    }

    pub(super) async fn update(&self, id: u64, body: &str) -> Result<(), ForgeFailure> {
        let method = if self.place.platform == Platform::Gitlab { Method::PUT } else { Method::PATCH };
        let body = json!({"body": body});
        self.http.send(method, self.comment_url(id), Some(&body), Twice::Harmless).await?;
        Ok(())
    }

    /// One comment, as it is now.
    pub(super) async fn read(&self, id: u64) -> Result<Option<Comment>, ForgeFailure> {
        match self.http.get(self.comment_url(id)).await {
            Ok(reply) => self.comment(&reply.value).map(Some),
            Err(ForgeFailure::NotFound { .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    pub(super) async fn labels(&self) -> Result<Vec<String>, ForgeFailure> {
        if self.place.platform == Platform::Gitlab {
            let request = self.http.get(self.request_url()).await?;
            let rows = request.value["labels"].as_array().ok_or_else(|| self.unreadable(t!("no labels")))?;
            return Ok(rows.iter().filter_map(|row| row.as_str().map(str::to_owned)).collect());
        }
        let rows = self.all(self.page(self.labels_url(&[]))).await?;
        rows.iter().map(|row| self.text(row, "name").map(str::to_owned)).collect()
    }

    /// Puts labels on and takes others off. Those that the repository does not have are made.
    pub(super) async fn relabel(&self, add: &[String], remove: &[String]) -> Result<(), ForgeFailure> {
        match self.place.platform {
            Platform::Github => self.relabel_github(add, remove).await,
            Platform::Gitlab => {
                let body = json!({"add_labels": add.join(","), "remove_labels": remove.join(",")});
                self.http.send(Method::PUT, self.request_url(), Some(&body), Twice::Harmless).await?;
                Ok(())
            }
            Platform::Gitea => self.relabel_gitea(add, remove).await,
        }
    }

    async fn relabel_github(&self, add: &[String], remove: &[String]) -> Result<(), ForgeFailure> {
        if !add.is_empty() {
            let body = json!({"labels": add});
            self.http.send(Method::POST, self.labels_url(&[]), Some(&body), Twice::Harmless).await?;
        }
        for name in remove {
            self.unlabel(self.labels_url(&[name])).await?;
        }
        Ok(())
    }

    async fn relabel_gitea(&self, add: &[String], remove: &[String]) -> Result<(), ForgeFailure> {
        let (owner, name) = self.place.repository.split_once('/').unwrap_or_default();
        let url = self.http.url(&["repos", owner, name, "labels"]);
        let known = self.all(self.page(url.clone())).await?;
        let on_it = self.all(self.page(self.labels_url(&[]))).await?;
        let id = |rows: &[Value], label: &str| {
            rows.iter().find(|row| row["name"] == label).and_then(|row| row["id"].as_u64())
        };
        let mut ids = Vec::new();
        for label in add {
            let there = id(&known, label);
            let made = match there {
                Some(id) => id,
                None => {
                    let body = json!({"name": label, "color": color(label)});
                    let reply = self.http.send(Method::POST, url.clone(), Some(&body), Twice::Never).await?;
                    reply.value["id"].as_u64().ok_or_else(|| self.unreadable(t!("a label without an id")))?
                }
            };
            ids.push(made);
        }
        if !ids.is_empty() {
            let body = json!({"labels": ids});
            self.http.send(Method::POST, self.labels_url(&[]), Some(&body), Twice::Harmless).await?;
        }
        for label in remove {
            // A label of the organisation is on the request and not among the repository's.
            if let Some(id) = id(&on_it, label) {
                self.unlabel(self.labels_url(&[&id.to_string()])).await?;
            }
        }
        Ok(())
    }

    /// Takes a label off; one that somebody took off meanwhile is off.
    async fn unlabel(&self, url: Url) -> Result<(), ForgeFailure> {
        match self.http.send(Method::DELETE, url, None, Twice::Harmless).await {
            Ok(_) | Err(ForgeFailure::NotFound { .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    fn repository(&self) -> Vec<&str> {
        match self.place.platform {
            // The path of a project is one part of the address, its slashes encoded.
            Platform::Gitlab => vec!["projects", &self.place.repository],
            _ => ["repos"].into_iter().chain(self.place.repository.split('/')).collect(),
        }
    }

    fn below(&self, parts: &[&str]) -> Url {
        self.http.url(&[&self.repository(), parts].concat())
    }

    fn request_url(&self) -> Url {
        self.below(&["merge_requests", &self.place.number.to_string()])
    }

    fn comments_url(&self) -> Url {
        let number = self.place.number.to_string();
        match self.place.platform {
            Platform::Gitlab => self.below(&["merge_requests", &number, "notes"]),
            _ => self.below(&["issues", &number, "comments"]),
        }
    }

    fn comment_url(&self, id: u64) -> Url {
        let (number, id) = (self.place.number.to_string(), id.to_string());
        match self.place.platform {
            Platform::Gitlab => self.below(&["merge_requests", &number, "notes", &id]),
            _ => self.below(&["issues", "comments", &id]),
        }
    }

    fn labels_url(&self, more: &[&str]) -> Url {
        let number = self.place.number.to_string();
        self.below(&[&["issues", &number, "labels"], more].concat())
    }

    /// The first page of a list, as large as it may be.
    fn page(&self, mut url: Url) -> Url {
        match self.place.platform {
            Platform::Github => url.query_pairs_mut().append_pair("per_page", "100"),
            Platform::Gitlab => url
                .query_pairs_mut()
                .append_pair("per_page", "100")
                .append_pair("order_by", "created_at")
                .append_pair("sort", "asc"),
            Platform::Gitea => url.query_pairs_mut().append_pair("limit", "50"),
        };
        url
    }

    /// All rows of a list, page by page.
    async fn all(&self, first: Url) -> Result<Vec<Value>, ForgeFailure> {
        let mut rows = Vec::new();
        let mut next = Some(first);
        for _ in 0..MOST_PAGES {
            let Some(url) = next else { return Ok(rows) };
            let reply = self.http.get(url).await?;
            let Value::Array(page) = reply.value else {
                return Err(self.unreadable(t!("a list that is none")));
            };
            rows.extend(page);
            next = reply.next;
        }
        Err(self.unreadable(t!("a list without an end")))
    }

    fn comment(&self, row: &Value) -> Result<Comment, ForgeFailure> {
        let gitlab = self.place.platform == Platform::Gitlab;
        let user = if gitlab { &row["author"] } else { &row["user"] };
        // A user who was deleted is null.
        let login = user[if gitlab { "username" } else { "login" }].as_str().unwrap_or_default();
        let pipeline = ["gitea-actions", "forgejo-actions", "github-actions[bot]"].contains(&login);
        let author = Author { login: login.to_owned(), robot: user["type"] == "Bot" || pipeline };
        let id = row["id"].as_u64().ok_or_else(|| self.unreadable(t!("a comment without an id")))?;
        Ok(Comment { id, body: self.text(row, "body")?.to_owned(), author })
    }

    fn text<'v>(&self, value: &'v Value, name: &str) -> Result<&'v str, ForgeFailure> {
        value[name].as_str().ok_or_else(|| self.unreadable(t!("no `{name}`", name = name)))
    }

    fn unreadable(&self, why: String) -> ForgeFailure {
        ForgeFailure::Unreadable { host: self.http.host(), why }
    }
}

/// Whether a refusal to say whose the token is means that it is nobody's: GitHub's word for tokens of apps, which
/// those of workflows are, and Gitea's for tokens without the scope `read:user`.
fn is_robot(why: &str) -> bool {
    why.contains("not accessible by integration") || why.contains("scope")
}

/// The colour of a label that has to be made.
fn color(label: &str) -> &'static str {
    if label.ends_with("deletes") {
        "#cf222e"
    } else if label.ends_with("prices") {
        "#bf8700"
    } else if label.ends_with("no changes") {
        "#2da44e"
    } else {
        "#0969da"
    }
}
