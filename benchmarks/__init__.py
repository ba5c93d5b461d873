"""What a run costs, as ratios of one run on one machine. No test depends on a time."""
