"""The pages beside the chat are found in their packages."""

from __future__ import annotations

from pullquote.web.pages import PageFrame, navigation, page_groups, render


def test_the_navigation_has_the_links_of_all_packages_in_order() -> None:
    """A page appears in it because its package names its class `PAGES`."""
    names = [link.name for link in navigation()]
    assert names == [
        *("Check", "Verify", "Grid", "Watchlist"),
        *("Corpus", "Speakers", "Source audit"),
    ]
    assert sum(len(group.links) for group in page_groups()) == len(names)


def test_a_page_marks_its_own_link() -> None:
    """The link of the current page, and no other, says so to screen readers."""
    html = render("frame.html", "navigation", PageFrame("Grid", "grid"))
    assert '<a href="grid" aria-current="page">Grid</a>' in html
    assert html.count("aria-current") == 1
