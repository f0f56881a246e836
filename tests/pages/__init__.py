"""The pages in a real browser: every journey of staff, in both languages, at both widths."""
