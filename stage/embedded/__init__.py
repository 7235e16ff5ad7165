"""Real PostgreSQL and Redis out of Python wheels, for development, the demo and the tests.

`python -m stage.embedded run` runs the whole product on them. Never for production: the engines
trust whoever can reach their socket folder, and trade safety at a power cut for speed.
"""

from stage.embedded.engines import Engines
from stage.embedded.errors import EngineError

__all__ = ["EngineError", "Engines"]
