"""Real PostgreSQL and Redis out of Python wheels, for development, the demo and the tests.

`python -m stage.devtools.embedded run` runs the whole product. Never for production: the engines
trust whoever can reach their socket folder, and trade safety at a power cut for speed.
"""

from stage.devtools.embedded.engines import Engines
from stage.devtools.embedded.errors import EngineError

__all__ = ["EngineError", "Engines"]
