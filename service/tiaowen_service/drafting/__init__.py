"""For drafters: precedents of a sentence, checks of a draft, comparisons, exports."""
