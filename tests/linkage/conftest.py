"""The small county of the registry's tests, and people in it."""

from tests.registry.conftest import by, divisions, register, resident_number

__all__ = ["by", "divisions", "register", "resident_number"]
