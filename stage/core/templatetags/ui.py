"""stand-in"""

from django import template

register = template.Library()
