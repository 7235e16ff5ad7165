"""Companies of a region's pool, what schools ask of them, and whom a school trusts there."""

from companies.models.asking import (
    Campaign,
    GroupCompany,
    Invitation,
    InvitationQuerySet,
    PollDay,
)
from companies.models.calls import Call
from companies.models.doubles import NotSame
from companies.models.offers import Offer, Place, PlaceQuerySet
from companies.models.pool import (
    POSTER_LENGTH,
    TYPED_LENGTH,
    Company,
    CompanyQuerySet,
    Contact,
    ContactQuerySet,
    Department,
    Location,
)
from companies.models.relations import (
    CompanyNote,
    CompanyOwner,
    FollowUp,
    Nomination,
    NominationQuerySet,
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
    "CompanyOwner",
    "CompanyQuerySet",
    "Contact",
    "ContactQuerySet",
    "Department",
    "FollowUp",
    "GroupCompany",
    "Invitation",
    "InvitationQuerySet",
    "LetterStop",
    "LetterText",
    "Location",
    "Nomination",
    "NominationQuerySet",
    "NotSame",
    "Offer",
    "PassedOn",
    "Place",
    "PlaceQuerySet",
    "PollDay",
    "Trust",
]
