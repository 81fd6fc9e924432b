//! The example that ships with the program, so that it can be shown and played from any directory.

/// The files of `examples/hosting`, by name.
pub(super) const HOSTING: [(&str, &str); 7] = [
    ("00-panel.yaml", include_str!("../../examples/hosting/00-panel.yaml")),
    ("10-processors.yaml", include_str!("../../examples/hosting/10-processors.yaml")),
    ("20-enumerations.yaml", include_str!("../../examples/hosting/20-enumerations.yaml")),
    ("30-prices-vds.yaml", include_str!("../../examples/hosting/30-prices-vds.yaml")),
    ("31-prices-dedic.yaml", include_str!("../../examples/hosting/31-prices-dedic.yaml")),
    ("40-period-mappings.yaml", include_str!("../../examples/hosting/40-period-mappings.yaml")),
    ("50-costs.yaml", include_str!("../../examples/hosting/50-costs.yaml")),
];
