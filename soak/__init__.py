"""Concurrent clerks, killed servers and a killed database: whether anything is lost, or done twice."""
