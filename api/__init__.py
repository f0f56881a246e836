"""All the ways in: REST, pages, command line, settings and wiring."""
