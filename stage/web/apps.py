"""Pages that span apps."""

from stage.core.registering import RegisteringConfig


class WebConfig(RegisteringConfig):
    default = True
    name = "stage.web"
    label = "web"
    verbose_name = "Web"
