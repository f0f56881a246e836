"""Steps from one shape of the database to the next; written once, never edited after a release."""
