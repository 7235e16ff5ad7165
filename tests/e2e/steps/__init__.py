"""The main job in steps; each takes the story so far and leaves it one step further."""
