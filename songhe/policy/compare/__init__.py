"""Several packages side by side: what is the same thing in which, and what each says of it (五市对照)."""
