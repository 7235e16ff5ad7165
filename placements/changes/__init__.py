"""What changes in a placement once it is made, on every screen called "Er verandert iets".

`Wanted` says what somebody wants, `plan_of` what that touches, before anything is done;
`placements.services.changing` does it, and takes it back. What higher apps know of days and papers
they say through `elsewhere`.
"""
