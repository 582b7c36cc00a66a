"""What makes the reader's pages an app: manifest, service worker, whose copies may stay on the phone."""

from django import template
from django.http import HttpRequest
from django.utils.translation import get_language

from shufang.web.reader.offline import mark_of
from shufang.web.reader.signed_in import signed_in

register = template.Library()


@register.inclusion_tag("web/parts/app.html", takes_context=True)
def app(context: template.Context) -> dict[str, object]:
    """Give the part its language and the mark of the sign-in. No query of its own."""
    request = context.get("request")
    mark = mark_of(signed_in(request)) if isinstance(request, HttpRequest) else ""
    return {"mark": mark, "language": "en" if get_language() == "en" else "zh-hans"}
