"""Pages and feeds out of the web. Nothing else in Footnote goes there, and nothing here does unless it is called."""
