"""The drawn cover of a title."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from shufang.catalogue.models import Title
from shufang.web.covers.cover import cover as draw


@require_safe
def cover(request: HttpRequest, title_id: int) -> HttpResponse:
    """Answer with the SVG; 304 where the browser has it. The picture changes only when the record does."""
    title = get_object_or_404(
        Title.objects.only("title", "author", "class_number", "class_scheme", "main_class_id"), pk=title_id
    )
    is_clc = title.class_scheme == "clc"
    clc = title.class_number if is_clc else (title.main_class_id or "")
    picture = draw(title.title, title.author, clc).encode()
    etag = f'"{sha256(picture).hexdigest()[:20]}"'
    response = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=86400"
    return get_conditional_response(request, etag=etag, response=response) or response
