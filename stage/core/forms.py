"""stand-in"""

from django.forms.renderers import TemplatesSetting


class StageFormRenderer(TemplatesSetting):
    pass
