//! Tree → spec types, by serde.
//!
//! Keys are text whatever they look like. A missing value is never read as an absent field.

use std::fmt;

use serde::{
    Deserialize,
    de::{self, DeserializeSeed, IntoDeserializer, Visitor, value::StrDeserializer},
};

use crate::{
    language::t,
    source::{
        scalar,
        tree::{NodeRef, Shape, Tree},
    },
};

/// Reads the whole document as a `T`.
pub(super) fn read<'a, T: Deserialize<'a>>(tree: &'a Tree) -> Result<T, TypeError> {
    T::deserialize(De(tree.root()))
}

/// What serde refused, and at which node.
#[derive(Debug)]
pub(super) struct TypeError {
    pub(super) message: String,
    pub(super) node: Option<u32>,
}

impl TypeError {
    /// The innermost place wins: it is the one that was being read.
    fn at(mut self, node: NodeRef<'_>) -> Self {
        self.node.get_or_insert(node.at);
        self
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for TypeError {}

impl de::Error for TypeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), node: None }
    }
}

struct De<'a>(NodeRef<'a>);

impl<'a> De<'a> {
    fn any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.0.shape() {
            Shape::Null => visitor.visit_unit(),
            Shape::Flag(flag) => visitor.visit_bool(flag),
            Shape::Text(text) => visitor.visit_borrowed_str(text),
            Shape::Number(text) => match scalar::integer(text).map(i64::try_from) {
                Some(Ok(number)) => visitor.visit_i64(number),
                _ => visitor.visit_f64(text.parse().unwrap_or(f64::NAN)),
            },
            Shape::List(kids) => visitor.visit_seq(Seq { tree: self.0.tree, kids: kids.iter() }),
            Shape::Map(kids) => visitor.visit_map(Map { tree: self.0.tree, kids: kids.iter(), value: None }),
        }
    }

    fn integer<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let Some(number) = self.0.integer() else { return self.any(visitor) };
        match (u64::try_from(number), i64::try_from(number)) {
            (Ok(number), _) => visitor.visit_u64(number),
            (_, Ok(number)) => visitor.visit_i64(number),
            _ => visitor.visit_i128(number),
        }
    }
}

macro_rules! integers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            let node = self.0;
            self.integer(visitor).map_err(|error| error.at(node))
        })+
    };
}

impl<'de> de::Deserializer<'de> for De<'de> {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let node = self.0;
        let outcome = match node.shape() {
            // Where text may stand, too, a whole number in an unusual spelling (`5.0`, `0x10`) is handed on
            // as it is written: printing it in another way could change what it means to the panel.
            Shape::Number(text) if is_small(text) && !scalar::is_canonical(text) => {
                visitor.visit_borrowed_str(text)
            }
            _ => self.any(visitor),
        };
        outcome.map_err(|error| error.at(node))
    }

    integers! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        if matches!(self.0.shape(), Shape::Null) {
            return Err(de::Error::custom(t!("there is no value: leave the key out")))
                .map_err(|error: TypeError| error.at(self.0));
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let node = self.0;
        visitor.visit_newtype_struct(self).map_err(|error: TypeError| error.at(node))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let node = self.0;
        let outcome = match (node.shape(), node.entries().next()) {
            (Shape::Text(text), _) => visitor.visit_enum(text.into_deserializer()),
            (Shape::Map([_, _]), Some((key, value))) => visitor.visit_enum(Variant { key, value }),
            _ => Err(de::Error::custom(t!("one name was expected here"))),
        };
        outcome.map_err(|error: TypeError| error.at(node))
    }

    /// Only from a mapping: serde's derive would take a list of the fields' values, too.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let node = self.0;
        let outcome = match node.shape() {
            Shape::Map(_) => self.any(visitor),
            _ => Err(de::Error::custom(t!("a mapping was expected here"))),
        };
        outcome.map_err(|error| error.at(node))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let node = self.0;
        self.any(visitor).map_err(|error| error.at(node))
    }

    serde::forward_to_deserialize_any! {
        bool f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier
        ignored_any i128 u128
    }
}

/// Whether a number is whole and exact wherever it may be read.
fn is_small(text: &str) -> bool {
    scalar::integer(text).is_some_and(|number| number.unsigned_abs() < 1 << 53)
}

struct Seq<'a> {
    tree: &'a Tree,
    kids: std::slice::Iter<'a, u32>,
}

impl<'a> de::SeqAccess<'a> for Seq<'a> {
    type Error = TypeError;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, TypeError> {
        let Some(&at) = self.kids.next() else { return Ok(None) };
        seed.deserialize(De(NodeRef { tree: self.tree, at })).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.kids.len())
    }
}

struct Map<'a> {
    tree: &'a Tree,
    kids: std::slice::Iter<'a, u32>,
    value: Option<u32>,
}

impl<'a> de::MapAccess<'a> for Map<'a> {
    type Error = TypeError;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, TypeError> {
        let Some(&at) = self.kids.next() else { return Ok(None) };
        self.value = self.kids.next().copied();
        let key: StrDeserializer<'_, TypeError> = self.tree.key(at).into_deserializer();
        seed.deserialize(key).map(Some).map_err(|error| error.at(NodeRef { tree: self.tree, at }))
    }

    fn next_value_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<T::Value, TypeError> {
        let at = self.value.take().ok_or_else(|| de::Error::custom(t!("a value was read before its key")))?;
        seed.deserialize(De(NodeRef { tree: self.tree, at }))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.kids.len() / 2)
    }
}

/// `{variant: value}`.
struct Variant<'a> {
    key: NodeRef<'a>,
    value: NodeRef<'a>,
}

impl<'a> de::EnumAccess<'a> for Variant<'a> {
    type Error = TypeError;
    type Variant = De<'a>;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, De<'a>), TypeError> {
        let key: StrDeserializer<'_, TypeError> = self.key.key_text().into_deserializer();
        let name = seed.deserialize(key).map_err(|error| error.at(self.key))?;
        Ok((name, De(self.value)))
    }
}

impl<'a> de::VariantAccess<'a> for De<'a> {
    type Error = TypeError;

    fn unit_variant(self) -> Result<(), TypeError> {
        Err(de::Error::custom(t!("no value belongs here")))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, TypeError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, TypeError> {
        self.any(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.any(visitor)
    }
}
