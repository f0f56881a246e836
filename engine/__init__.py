"""What can be done to a complaint case, where it is kept and how it moves. See docs/rooms.md."""
