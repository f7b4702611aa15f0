"""What `--json` prints and what records hold, as JSON Schema: one file each, for other programs."""
