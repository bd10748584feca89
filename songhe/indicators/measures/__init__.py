"""Counting what indicators ask of the platform's own records, each measure at the finest division that is known."""
