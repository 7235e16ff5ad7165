"""What the API of every app shares: who acts, how it errs, lists, and describes itself.

Each app has its own `api` module for its own models; `stage.web.api` holds the addresses.
"""
