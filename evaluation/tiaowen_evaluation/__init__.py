"""Floor 4: questions and labels, runs, measures, comparison, report, gate."""
