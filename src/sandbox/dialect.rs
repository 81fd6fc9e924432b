//! What the public record does not name or settle, chosen anew by a seed.
//!
//! Every field below stands for a gap in billmanager-api (section 11). A name is composed from
//! plausible parts; a behaviour is one of the readings the record leaves open. Nothing here was
//! ever seen on a panel: a client that passes under many seeds has discovered, not remembered.

use std::collections::BTreeMap;

/// The splitmix64 generator: small, seedable and good enough to choose names.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix(u64);

impl SplitMix {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Draws a choice by its own key, so that a new choice does not shift the others.
#[derive(Clone, Copy, Debug)]
struct Draw(u64);

impl Draw {
    fn number(self, key: &str) -> u64 {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for byte in key.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        let mut mix = SplitMix::new(hash ^ self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        mix.next()
    }

    fn one<T: Copy, const N: usize>(self, key: &str, options: [T; N]) -> T {
        let index = usize::try_from(self.number(key) % N as u64).expect("below N, a usize");
        options[index]
    }

    fn coin(self, key: &str) -> bool {
        self.number(key) & 1 == 1
    }

    fn text<const N: usize>(self, key: &str, options: [&str; N]) -> String {
        self.one(key, options).to_owned()
    }

    /// A name of two parts, so that two seeds seldom agree.
    fn name<const A: usize, const B: usize>(
        self,
        key: &str,
        firsts: [&str; A],
        seconds: [&str; B],
    ) -> String {
        let first = self.one(&format!("{key}/1"), firsts);
        let second = self.one(&format!("{key}/2"), seconds);
        format!("{first}{second}")
    }
}

/// Which key of a successful save carries the created id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreatedId {
    Id,
    TableId,
    Absent,
}

/// Which key of an order's answer carries the new licence's id: all three are in public code (7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderId {
    Id,
    ItemId,
    Both,
}

/// What a save does with fields the client did not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Omitted {
    /// Everything keeps its value.
    Keep,
    /// Flags go off, text keeps its value.
    FlagsOff,
    /// Flags go off and optional text is cleared.
    Cleared,
}

/// Which parameter of a child list names the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParentParam {
    Elid,
    Plid,
    /// The parent in `elid` and the parent's own parent in `plid`.
    Both,
}

/// What a child list answers when the parent is not where it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrongParent {
    Missed,
    Value,
    /// Rows of every parent: the trap the record warns of (3.2, "Guard").
    EveryRow,
}

/// Every name and behaviour the seed settles.
#[derive(Clone, Debug)]
pub(crate) struct Dialect {
    draw: Draw,
    pub(crate) wizard_type: String,
    pub(crate) wizard_module: String,
    pub(crate) wizard_type_field: String,
    pub(crate) wizard_ticket: String,
    pub(crate) wizard_direct: bool,
    pub(crate) wizard_nested: bool,
    pub(crate) type_by_intname: bool,
    pub(crate) licence_module: String,
    pub(crate) dci5_module: String,
    pub(crate) dci6_module: String,
    pub(crate) department: String,
    pub(crate) min_balance: String,
    pub(crate) licence_server: String,
    pub(crate) mapping_param: String,
    pub(crate) decoy_param: Option<String>,
    pub(crate) limit_param: String,
    pub(crate) source_period: String,
    pub(crate) target_period: String,
    pub(crate) bind: String,
    pub(crate) bind_type: String,
    pub(crate) bind_tariff: String,
    pub(crate) mapping_upfront: bool,
    pub(crate) enumeration_field: String,
    pub(crate) item_field: String,
    pub(crate) panel_type_intname: String,
    pub(crate) price_button: String,
    pub(crate) price_list: String,
    pub(crate) price_edit: String,
    pub(crate) price_resume: String,
    pub(crate) price_suspend: String,
    pub(crate) price_parent: ParentParam,
    pub(crate) price_row_is_item: bool,
    pub(crate) price_list_intname: bool,
    pub(crate) price_switch: bool,
    pub(crate) new_price_zero: bool,
    pub(crate) new_price_on: bool,
    pub(crate) item_parent: ParentParam,
    pub(crate) item_list_intname: bool,
    pub(crate) currency_list: String,
    pub(crate) datacenter_list: String,
    pub(crate) form_pages: bool,
    pub(crate) created_id: CreatedId,
    pub(crate) omitted: Omitted,
    pub(crate) stray_key_refused: bool,
    pub(crate) wrong_parent: WrongParent,
    pub(crate) status_orig: bool,
    pub(crate) module_cell_label: bool,
    pub(crate) depend_listed: bool,
    pub(crate) plain_content_type: bool,
    pub(crate) wrapped_error: bool,
    pub(crate) kind_in_process: &'static str,
    pub(crate) kind_denied: &'static str,
    pub(crate) kind_in_use: &'static str,
    pub(crate) kind_step: &'static str,
    pub(crate) long_rooted: bool,
    pub(crate) licence_ip_changed: String,
    pub(crate) licence_key_changed: String,
    pub(crate) licence_nodes: String,
    pub(crate) licence_cost: String,
    pub(crate) order_id: OrderId,
    pub(crate) prolong_nested: bool,
}

impl Dialect {
    pub(crate) fn new(seed: u64) -> Self {
        let draw = Draw(seed);
        let price_list = format!(
            "pricelist.detail.{}",
            draw.name("price_list", ["enum", "value", "item"], ["price", "prices", "cost", "list"])
        );
        let [resume, suspend] =
            draw.one("price_switch", [["resume", "suspend"], ["enable", "disable"], ["on", "off"]]);
        let type_step = draw.text("wizard_type", ["", ".type", ".itemtype", ".product", ".start"]);
        let module_step = draw.text("wizard_module", [".module", ".pm", ".handler", ".select"]);
        Self {
            draw,
            wizard_type: format!("processing.add{type_step}"),
            wizard_module: format!("processing.add{module_step}"),
            wizard_type_field: draw
                .text("wizard_type_field", ["itemtype", "type", "producttype", "mainitemtype"]),
            wizard_ticket: draw.name("ticket", ["wz", "step", "add"], ["ticket", "_key", "state"]),
            wizard_direct: draw.coin("wizard_direct"),
            wizard_nested: draw.coin("wizard_nested"),
            type_by_intname: draw.coin("type_by_intname"),
            licence_module: draw.text(
                "licence_module",
                ["pmbillmgr", "pmbillmanager", "pmisplic", "pmbill6", "pmbillresell"],
            ),
            dci5_module: draw.text("dci5", ["pmdcimgr", "pmdci", "pmdcimanager"]),
            dci6_module: draw.text("dci6", ["pmdcimgr6", "pmdci6", "pmdcimanager6"]),
            department: draw.name("department", ["", "support", "open"], ["department", "dept", "group"]),
            min_balance: draw.name("min_balance", ["min", "minimal", "low"], ["balance", "_balance", "sum"]),
            licence_server: draw.name(
                "licence_server",
                ["lic", "license", "isplic"],
                ["server", "_server", "processing", "module"],
            ),
            mapping_param: draw.name(
                "mapping",
                ["period", "prd", "order"],
                ["map", "mapping", "_compare", "comparison", "relation"],
            ),
            decoy_param: draw
                .one("decoy?", [true, false, false, false])
                .then(|| draw.name("decoy", ["grace", "wait", "test"], ["period", "_period", "term"])),
            limit_param: draw.name("limit", ["max", "run"], ["openop", "_open_op", "oplimit"]),
            source_period: draw.name(
                "source",
                ["source", "src", "from", "sell"],
                ["", "_period", "period", "len"],
            ),
            target_period: draw.name(
                "target",
                ["replace", "target", "to", "buy"],
                ["", "_period", "period", "len"],
            ),
            bind: draw.name("bind", ["bind", "only", "link"], ["", "_tariff", "topricelist", "ed"]),
            bind_type: draw.name("bind_type", ["bind", "map", "sell"], ["itemtype", "_type", "product"]),
            bind_tariff: draw.name("bind_tariff", ["", "bind", "map", "sell_"], ["pricelist", "tariff"]),
            mapping_upfront: draw.coin("mapping_upfront"),
            enumeration_field: draw
                .one(
                    "enumeration_field",
                    ["enumeration", "enumeration", "addonenum", "enumeration_id", "enumlist"],
                )
                .to_owned(),
            item_field: draw
                .one(
                    "item_field",
                    ["enumerationitem", "enumerationitem", "addonenumitem", "enumdefault", "defitem"],
                )
                .to_owned(),
            panel_type_intname: draw.name(
                "panel_type",
                ["isp", "panel", "ctl"],
                ["license", "lic", "_licence", "panel"],
            ),
            price_button: draw.text("price_button", ["price", "prices", "cost", "values"]),
            price_edit: format!("{price_list}.edit"),
            price_resume: format!("{price_list}.{resume}"),
            price_suspend: format!("{price_list}.{suspend}"),
            price_list,
            price_parent: draw.one(
                "price_parent",
                [ParentParam::Elid, ParentParam::Elid, ParentParam::Plid, ParentParam::Both],
            ),
            price_row_is_item: draw.coin("price_row_is_item"),
            price_list_intname: draw.coin("price_list_intname"),
            price_switch: draw.coin("price_disable_flags"),
            new_price_zero: draw.coin("new_price_zero"),
            new_price_on: draw.coin("new_price_on"),
            item_parent: draw.one("item_parent", [ParentParam::Elid, ParentParam::Elid, ParentParam::Plid]),
            item_list_intname: draw.coin("item_list_intname"),
            currency_list: draw
                .text("currency_list", ["currency", "currency", "currencies", "tool.currency"]),
            datacenter_list: "datacenter".to_owned(),
            form_pages: draw.coin("form_pages"),
            created_id: draw.one("created_id", [CreatedId::Id, CreatedId::TableId, CreatedId::Absent]),
            omitted: draw.one("omitted", [Omitted::Keep, Omitted::FlagsOff, Omitted::Cleared]),
            stray_key_refused: draw.coin("stray_key"),
            wrong_parent: draw
                .one("wrong_parent", [WrongParent::Missed, WrongParent::Value, WrongParent::EveryRow]),
            status_orig: draw.coin("status_orig"),
            module_cell_label: draw.coin("module_cell"),
            depend_listed: draw.coin("depend_listed"),
            plain_content_type: draw.coin("content_type"),
            wrapped_error: draw.coin("wrapped_error"),
            kind_in_process: draw.one("kind_in_process", ["process", "busy", "internal"]),
            kind_denied: draw.one("kind_denied", ["auth", "access", "denied"]),
            kind_in_use: draw.one("kind_in_use", ["no_relation", "in_use", "foreign_key"]),
            kind_step: draw.one("kind_step", ["value", "access", "step"]),
            long_rooted: draw.coin("long_rooted"),
            licence_ip_changed: draw.name(
                "ip_changed",
                ["ip", "lastip", "change_ip"],
                ["date", "_changed", "change"],
            ),
            licence_key_changed: draw.name(
                "key_changed",
                ["key", "lastkey", "newkey"],
                ["date", "_changed", "change"],
            ),
            licence_nodes: draw
                .text("licence_nodes", ["nodes", "node_count", "addon_nodes", "cluster_nodes"]),
            licence_cost: draw.text("licence_cost", ["cost", "item_cost", "price", "amount"]),
            order_id: draw.one("order_id", [OrderId::Id, OrderId::ItemId, OrderId::Both]),
            prolong_nested: draw.coin("prolong_nested"),
        }
    }

    /// The name of a field no documentation knows: `hidden` or `visible`, of one form.
    pub(crate) fn extra(&self, form: &str, which: &str) -> String {
        let key = format!("extra/{form}/{which}");
        let first = self.draw.one(&format!("{key}/a"), ["legacy", "ext", "sync", "origin", "x"]);
        let second = self.draw.one(&format!("{key}/b"), ["mark", "tag", "rev", "code", "note"]);
        let kind = if which == "hidden" { "_h" } else { "" };
        format!("{first}{second}{kind}")
    }

    /// The name of a module's connection field (`url`, `username`, `password`). The names seen in
    /// public modules differ from module to module (4.3), and so do these.
    pub(crate) fn connection(&self, module: &str, meaning: &str) -> String {
        let key = format!("connection/{module}/{meaning}");
        let own = module.trim_start_matches("pm").replace(['.', '_'], "");
        match (meaning, self.draw.number(&key) % 4) {
            ("url", 0) => "base_url".to_owned(),
            (meaning, 1) => format!("{own}_{meaning}"),
            (meaning, _) => meaning.to_owned(),
        }
    }

    /// The id that a directory's first row gets.
    pub(crate) fn first_id(&self, key: &str) -> u64 {
        1 + self.draw.number(&format!("id/{key}")) % 40
    }

    /// The ids of the two currencies: 126 is RUB on several installations (2.2), but not on all.
    pub(crate) fn currency_ids(&self) -> [u64; 2] {
        self.draw.one("currency_ids", [[126, 153], [126, 151], [1, 2], [14, 126]])
    }

    /// The names a person may want to see, by meaning.
    pub(crate) fn names(&self) -> BTreeMap<&'static str, String> {
        let text = |value: &str| value.to_owned();
        BTreeMap::from([
            ("wizard.type", text(&self.wizard_type)),
            ("wizard.module", text(&self.wizard_module)),
            ("wizard.type_field", text(&self.wizard_type_field)),
            ("wizard.ticket_field", text(&self.wizard_ticket)),
            ("wizard.direct", self.wizard_direct.to_string()),
            ("wizard.nested", self.wizard_nested.to_string()),
            ("module.licence", text(&self.licence_module)),
            ("module.dci5", text(&self.dci5_module)),
            ("module.dci6", text(&self.dci6_module)),
            ("processing.department", text(&self.department)),
            ("processing.min_balance", text(&self.min_balance)),
            ("processing.licence_server", text(&self.licence_server)),
            ("mapping.param", text(&self.mapping_param)),
            ("mapping.decoy", self.decoy_param.clone().unwrap_or_default()),
            ("mapping.limit", text(&self.limit_param)),
            ("mapping.source", text(&self.source_period)),
            ("mapping.target", text(&self.target_period)),
            ("mapping.bind", text(&self.bind)),
            ("mapping.type", text(&self.bind_type)),
            ("mapping.tariff", text(&self.bind_tariff)),
            ("mapping.upfront", self.mapping_upfront.to_string()),
            ("resource.enumeration", text(&self.enumeration_field)),
            ("resource.item", text(&self.item_field)),
            ("resource.panel_type", text(&self.panel_type_intname)),
            ("price.button", text(&self.price_button)),
            ("price.list", text(&self.price_list)),
            ("price.edit", text(&self.price_edit)),
            ("price.resume", text(&self.price_resume)),
            ("price.suspend", text(&self.price_suspend)),
            ("price.parent", format!("{:?}", self.price_parent)),
            ("price.row_is_item", self.price_row_is_item.to_string()),
            ("price.new_zero", self.new_price_zero.to_string()),
            ("price.new_on", self.new_price_on.to_string()),
            ("item.parent", format!("{:?}", self.item_parent)),
            ("item.list_intname", self.item_list_intname.to_string()),
            ("currency.list", text(&self.currency_list)),
            ("form.pages", self.form_pages.to_string()),
            ("form.created_id", format!("{:?}", self.created_id)),
            ("form.omitted", format!("{:?}", self.omitted)),
            ("form.stray_key_refused", self.stray_key_refused.to_string()),
            ("list.wrong_parent", format!("{:?}", self.wrong_parent)),
            ("list.status_orig", self.status_orig.to_string()),
            ("licence.ip_changed", text(&self.licence_ip_changed)),
            ("licence.key_changed", text(&self.licence_key_changed)),
            ("licence.nodes", text(&self.licence_nodes)),
            ("licence.cost", text(&self.licence_cost)),
            ("licence.order_id", format!("{:?}", self.order_id)),
            ("licence.prolong_nested", self.prolong_nested.to_string()),
        ])
    }
}
