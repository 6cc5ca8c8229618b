"""From the user messages of a release to a template pack."""
