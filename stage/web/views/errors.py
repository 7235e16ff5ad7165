"""stand-in"""


def csrf_failure(request, reason=""): ...
