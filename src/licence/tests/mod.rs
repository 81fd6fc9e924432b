mod periods;
mod properties;
mod rules;
mod table;
mod terms;
