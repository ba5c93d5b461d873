"""Rules as dated, sourced data: layouts, outlines, scoring profiles, checks, all from YAML."""
