"""What list pages share."""

PER_PAGE = 25
