"""What each board shows."""
