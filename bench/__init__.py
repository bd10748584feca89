"""Songhe measured beside OpenFisca, SQL written by hand, and reading the data alone. See README.md."""
