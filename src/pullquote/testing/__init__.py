"""Tests for backends of other packages. They need the extra `testing`.

`index_conformance` tests what every index promises. `newsroom` has a corpus with an index, and
`encoder` an encoder without a model.
"""

import pytest

for _part in ("answers_conformance", "rebuilds_conformance", "index_pair"):
    # A failed assertion then shows its values.
    pytest.register_assert_rewrite(f"{__name__}.{_part}")
