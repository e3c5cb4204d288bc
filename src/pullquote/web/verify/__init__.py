"""The Verify page: the citations of a pack or an export, compared with the articles of today."""

from pullquote.web.verify.routes import VerifyPage

PAGES = VerifyPage

__all__ = ["PAGES", "VerifyPage"]
