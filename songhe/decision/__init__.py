"""Decides: one person on a day, a population over months; and explains why."""
