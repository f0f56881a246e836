"""What a task asks, accepts and prints."""
