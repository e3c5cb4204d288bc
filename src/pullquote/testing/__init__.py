"""Tests that a backend of another package runs on itself. They need the extra `testing`.

`index_conformance` has what every index promises, `newsroom` a corpus and an index to write it
with, and `encoder` an encoder without a model.
"""

import pytest

for _part in ("answers_conformance", "rebuilds_conformance", "library"):
    # So that an assertion that fails shows its values.
    pytest.register_assert_rewrite(f"{__name__}.{_part}")
