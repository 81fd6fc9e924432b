//! Error documents, laid out as recorded (billmanager-api, 1.5.4).

use super::document::Element;
use super::label::{Label, Lang, label};

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) kind: String,
    pub(crate) object: String,
    pub(crate) value: String,
    pub(crate) message: Label,
}

impl Refusal {
    pub(crate) fn new(kind: &str, object: &str, value: &str, message: Label) -> Self {
        Self { kind: kind.to_owned(), object: object.to_owned(), value: value.to_owned(), message }
    }

    /// A field holds something it cannot hold.
    pub(crate) fn value(field: &str, value: &str) -> Self {
        let message = Label::owned(
            format!("The '{field}' field has an invalid value. The value cannot be '{value}'"),
            format!("Поле '{field}' имеет недопустимое значение. Значение не может быть '{value}'"),
        );
        Self::new("value", field, value, message)
    }

    /// The thing referred to does not exist.
    pub(crate) fn missed(object: &str, value: &str) -> Self {
        let message = Label::owned(
            format!("The object '{object}' with the value '{value}' does not exist"),
            format!("Объект '{object}' со значением '{value}' не существует"),
        );
        Self::new("missed", object, value, message)
    }

    /// There is one already.
    pub(crate) fn exists(object: &str, value: &str) -> Self {
        let message = Label::owned(
            format!("The object '{object}' with the value '{value}' already exists"),
            format!("Объект '{object}' со значением '{value}' уже существует"),
        );
        Self::new("exists", object, value, message)
    }

    /// No right to the function, or a dead session: the two look the same (1.2).
    pub(crate) fn access(func: &str) -> Self {
        let message = Label::owned(
            format!("Insufficient privileges to perform '{func}'"),
            format!("Недостаточно прав для выполнения '{func}'"),
        );
        Self::new("access", "user", func, message)
    }

    /// The record gives the English text only, so it is the same in both languages.
    pub(crate) fn in_process(kind: &str) -> Self {
        Self::new(kind, "request", "", Label::same("Request in process, please wait"))
    }

    pub(crate) fn wrong_step(kind: &str, func: &str) -> Self {
        let text = format!("You are trying to access the '{func}' step that is currently not available");
        Self::new(kind, "func", func, Label::same(text))
    }

    /// Deletion of something that is referred to.
    pub(crate) fn in_use(kind: &str, table: &str, id: u64, user: &Label) -> Self {
        let message = Label::owned(
            format!("Cannot delete: it is used by {}", user.get(Lang::En)),
            format!("Удаление невозможно: используется в {}", user.get(Lang::Ru)),
        );
        Self::new(kind, table, &id.to_string(), message)
    }

    pub(crate) fn denied(kind: &str, ip: &str) -> Self {
        let message = label("Access from this IP denied", "Доступ с этого IP-адреса запрещён");
        Self::new(kind, "ip", ip, message)
    }

    /// The `error` element of an ordinary call, with the stack recorded for one.
    pub(crate) fn element(&self, func: &str, user: &str, level: u8, lang: Lang) -> Element {
        let stack = Element::new("stack")
            .child(Element::leaf("action", func).attr("level", level.to_string()).attr("user", user).many());
        self.head(lang)
            .child(self.object_param(lang))
            .child(Element::leaf("param", &self.value).attr("name", "value").many())
            .child(stack)
            .child(Element::leaf("group", "__object__ __value__"))
            .child(Element::leaf("msg", self.message.get(lang)))
    }

    fn head(&self, lang: Lang) -> Element {
        Element::new("error").attr("type", &self.kind).attr("object", &self.object).attr("lang", lang.code())
    }

    fn object_param(&self, lang: Lang) -> Element {
        Element::leaf("param", &self.object)
            .attr("name", "object")
            .attr("type", "msg")
            .attr("msg", self.message.get(lang))
            .many()
    }
}

/// The whole document of a failed login: nothing but the error is on record, not even `func`.
pub(crate) fn bad_password(ip: &str, lang: Lang) -> Element {
    let text = label("Invalid username or password", "Неверное имя пользователя или пароль");
    let error = Element::new("error")
        .attr("type", "auth")
        .attr("object", "badpassword")
        .attr("lang", lang.code())
        .child(Element::leaf("detail", text.get(lang)))
        .child(Element::leaf("msg", text.get(lang)))
        .child(Element::leaf("param", "badpassword").attr("name", "object").attr("type", "msg").many())
        .child(Element::leaf("param", ip).attr("name", "value").many());
    Element::new("doc").child(error)
}
