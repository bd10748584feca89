"""The rule language: parse, check types, compile to SQL for a population, evaluate one person, explain."""
