"""Demo data: a region with three schools, made through the services, the same each time.

All people and companies are made up; the places are real.
"""
