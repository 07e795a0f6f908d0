"""What the browser shows, one file a room."""
