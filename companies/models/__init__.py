"""Companies of a region's pool, what schools ask of them, and whom a school trusts there."""

from companies.models.asking import (
    Campaign,
    GroupCompany,
    Invitation,
    InvitationQuerySet,
    PollDay,
)
from companies.models.calls import Call
from companies.models.offers import Offer, Place, PlaceQuerySet
from companies.models.pool import (
    POSTER_LENGTH,
    TYPED_LENGTH,
    Company,
    CompanyNote,
    CompanyQuerySet,
    Contact,
    ContactQuerySet,
    Department,
    Location,
)
from companies.models.texts import LetterText
from companies.models.trust import ChangeSeen, CompanyChange, Trust
from companies.models.turns import LetterStop, PassedOn

__all__ = [
    "POSTER_LENGTH",
    "TYPED_LENGTH",
    "Call",
    "Campaign",
    "ChangeSeen",
    "Company",
    "CompanyChange",
    "CompanyNote",
    "CompanyQuerySet",
    "Contact",
    "ContactQuerySet",
    "Department",
    "GroupCompany",
    "Invitation",
    "InvitationQuerySet",
    "LetterStop",
    "LetterText",
    "Location",
    "Offer",
    "PassedOn",
    "Place",
    "PlaceQuerySet",
    "PollDay",
    "Trust",
]
