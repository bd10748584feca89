"""Those who work: each kind in a file, any number of them at once, each a process of its own."""
