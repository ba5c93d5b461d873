"""An evaluation → the pages its readers open: sentences, charts, parts, index, and their proof."""
