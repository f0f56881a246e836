"""What the operations accept, by theme; `entries` and `lists` are what they share."""
