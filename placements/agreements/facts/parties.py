"""Who says a part of an agreement."""

from placements.agreements.enums import Party

STUDENT, COMPANY, SCHOOL = Party.STUDENT.value, Party.COMPANY.value, Party.SCHOOL.value
# Not a party: what the placement itself says, which nobody fills in.
PLACEMENT = "placement"
# Who fills in a part, in the order of the text.
PARTIES = (STUDENT, COMPANY, SCHOOL)
