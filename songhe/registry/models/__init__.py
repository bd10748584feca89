"""The tables of the registry: what was stated and when, what follows from it today, and whom a person belongs with."""

from songhe.registry.models.confirmations import Confirmation, FactSet
from songhe.registry.models.current import CurrentPerson, NamePart, NameReading, PersonKey, ProjectionState
from songhe.registry.models.family import Consent, Household, Kinship, Membership
from songhe.registry.models.merges import Merge
from songhe.registry.models.population import PopulationCount
from songhe.registry.models.quality import QualityRow
from songhe.registry.models.records import FactRecord, Person, Retraction, Transaction

__all__ = [
    "Confirmation",
    "Consent",
    "CurrentPerson",
    "FactRecord",
    "FactSet",
    "Household",
    "Kinship",
    "Membership",
    "Merge",
    "NamePart",
    "NameReading",
    "Person",
    "PersonKey",
    "PopulationCount",
    "ProjectionState",
    "QualityRow",
    "Retraction",
    "Transaction",
]
