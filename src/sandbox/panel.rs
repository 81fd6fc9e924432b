//! Dispatch: from a function's name to the entity or the special function behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::auth::{self, ADMIN_LEVEL, Gate, Guard, Login};
use super::core::{Cx, Memory};
use super::dialect::Dialect;
use super::document::Element;
use super::entities;
use super::entity::Entity;
use super::export_feed;
use super::hostile::Hostile;
use super::label::Lang;
use super::pair::{self, Play, Role};
use super::refusal::{self, Refusal};
use super::replay::Replay;
use super::request::Params;
use super::store::{State, Store};
use super::{list, reference, save, wizard};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    List,
    Edit,
    Delete,
    Resume,
    Suspend,
    Filter,
}

/// The emulated panel: state and rules, without any transport.
pub(crate) struct Panel {
    pub(crate) store: Store,
    pub(crate) dialect: Dialect,
    pub(crate) hostile: BTreeSet<Hostile>,
    pub(crate) guard: Guard,
    pub(crate) replay: Option<Replay>,
    role: Role,
    play: Play,
    memory: Memory,
    entities: Vec<Entity>,
    routes: BTreeMap<String, (usize, Verb)>,
    served: u64,
}

impl Panel {
    pub(crate) fn new(
        store: Store,
        dialect: Dialect,
        hostile: BTreeSet<Hostile>,
        seed: u64,
        idle: Duration,
    ) -> Self {
        let entities = entities::all(&dialect);
        let routes = routes(&entities);
        let guard = Guard::new(seed, idle, hostile.contains(&Hostile::SessionExpiry));
        let memory = Memory::default();
        let (role, play) = (Role::Alone, Play::default());
        let replay = None;
        Self { store, dialect, hostile, guard, replay, role, play, memory, entities, routes, served: 0 }
    }

    /// Makes it one of the two panels of a pair.
    pub(crate) fn playing(mut self, role: Role, play: Play) -> Self {
        self.entities = match role {
            Role::Licences => Vec::new(),
            Role::Alone | Role::Provider => std::mem::take(&mut self.entities),
        };
        self.entities.extend(pair::entities(role, &self.dialect));
        self.routes = routes(&self.entities);
        if let Some(users) = pair::users(role) {
            self.guard.set_users(users);
        }
        (self.role, self.play) = (role, play);
        self
    }

    /// Plays one day: what a panel does by itself, without a request.
    pub(crate) fn day(&mut self) {
        let (role, params) = (self.role, Params::default());
        pair::day(&mut self.cx(&params, Lang::En, Login::nobody()), role);
    }

    pub(crate) fn rewind(&mut self, state: State) {
        self.store.restore(state);
        self.memory = Memory::default();
    }

    /// Whether a request would change the panel if it is carried out.
    pub(crate) fn mutates(&self, params: &Params) -> bool {
        let func = params.text("func");
        if let Some(replay) = &self.replay {
            return replay.mutates(params);
        }
        if let Some(mutates) = pair::mutates(self.role, params) {
            return mutates;
        }
        match self.routes.get(func) {
            Some((_, Verb::List)) => false,
            Some((_, Verb::Edit | Verb::Filter)) => params.has("sok"),
            Some((_, Verb::Delete | Verb::Resume | Verb::Suspend)) => true,
            None => wizard::mutates(params),
        }
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, params: &Params, now: Instant) -> Element {
        let lang = Lang::parse(params.text("lang"));
        let func = params.text("func");
        if func == "auth" {
            return self.guard.log_in(params, now, lang);
        }
        let login = match func {
            "pricelist.export" => Ok(Login::nobody()),
            _ => self.guard.admit(params, now, self.dialect.kind_denied),
        };
        let login = match login {
            Ok(login) => login,
            Err(Gate::BadPassword) => return refusal::bad_password("127.0.0.1", lang),
            Err(Gate::SecondFactor) => return auth::second_factor(),
            Err(Gate::Refused(refusal)) => {
                return self.refuse(params, lang, &Login::nobody(), &refusal);
            }
        };
        let answered = if self.busy() {
            Err(Refusal::in_process(self.dialect.kind_in_process))
        } else {
            self.dispatch(params, lang, login.clone())
        };
        answered.unwrap_or_else(|refusal| self.refuse(params, lang, &login, &refusal))
    }

    /// Whether this request is the one refused under `request-in-process`. A repeat is the next
    /// request, so it always passes.
    fn busy(&mut self) -> bool {
        self.served += 1;
        self.hostile.contains(&Hostile::RequestInProcess) && self.served % 5 == 3
    }

    fn refuse(&mut self, params: &Params, lang: Lang, login: &Login, refusal: &Refusal) -> Element {
        let func = params.text("func");
        let error = refusal.element(func, &login.name, login.level, lang);
        let cx = self.cx(params, lang, login.clone());
        cx.document(func).child(error).child(cx.tparams())
    }

    fn cx<'a>(&'a mut self, params: &'a Params, lang: Lang, login: Login) -> Cx<'a> {
        Cx {
            store: &mut self.store,
            memory: &mut self.memory,
            dialect: &self.dialect,
            hostile: &self.hostile,
            play: &self.play,
            params,
            login,
            lang,
        }
    }

    fn dispatch(&mut self, params: &Params, lang: Lang, login: Login) -> Result<Element, Refusal> {
        let func = params.text("func");
        if let Some(replay) = &self.replay {
            return replay.answer(params);
        }
        let role = self.role;
        if let Some(answer) = pair::answer(&mut self.cx(params, lang, login.clone()), role) {
            return answer;
        }
        match func {
            "pricelist.export" => return export_feed::answer(&self.cx(params, lang, login)),
            "whoami" => return Ok(reference::whoami(&self.cx(params, lang, login))),
            "keepalive" => return Ok(self.cx(params, lang, login).done(func)),
            _ => {}
        }
        if login.level < ADMIN_LEVEL && !pair::open_to_clients(self.role, func) {
            return Err(Refusal::access(func));
        }
        if func == "menu" {
            let entities = std::mem::take(&mut self.entities);
            let menu = reference::menu(&self.cx(params, lang, login), &entities);
            self.entities = entities;
            return Ok(menu);
        }
        if func == "session.newkey" {
            self.guard.new_key(params)?;
            return Ok(self.cx(params, lang, login).done(func));
        }
        // The entities are lent out for the call, so that the rest of the panel can be changed.
        let entities = std::mem::take(&mut self.entities);
        let route = self.routes.get(func).copied();
        let mut cx = self.cx(params, lang, login);
        let answer = match route {
            Some((index, verb)) => act(&mut cx, &entities[index], verb, func),
            None => wizard::answer(&mut cx, &entities, func),
        };
        self.entities = entities;
        answer
    }
}

fn act(cx: &mut Cx<'_>, entity: &Entity, verb: Verb, func: &str) -> Result<Element, Refusal> {
    match verb {
        Verb::List => list::answer(cx, entity),
        Verb::Edit => save::edit(cx, entity, func),
        Verb::Delete => save::delete(cx, entity, func),
        Verb::Resume => save::switch(cx, entity, func, true),
        Verb::Suspend => save::switch(cx, entity, func, false),
        Verb::Filter => Ok(save::filter(cx, entity, func)),
    }
}

fn routes(entities: &[Entity]) -> BTreeMap<String, (usize, Verb)> {
    let mut routes = BTreeMap::new();
    for (index, entity) in entities.iter().enumerate() {
        let mut add = |func: Option<String>, verb: Verb| {
            routes.extend(func.map(|func| (func, (index, verb))));
        };
        add(Some(entity.list.clone()), Verb::List);
        add(Some(format!("{}.filter", entity.list)), Verb::Filter);
        add(entity.edit.clone(), Verb::Edit);
        add(entity.delete.clone(), Verb::Delete);
        add(entity.resume.clone(), Verb::Resume);
        add(entity.suspend.clone(), Verb::Suspend);
    }
    routes
}
