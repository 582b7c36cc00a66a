"""The settings of the real thing, with one page more: one that does nothing (`bench.page_urls`)."""

from shufang.config.settings import *  # noqa: F403  # all of them

ROOT_URLCONF = "bench.page_urls"
