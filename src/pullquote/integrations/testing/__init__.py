"""Tests for backends in other packages. They need the extra `testing`.

`index_conformance` tests what every index promises. `newsroom` provides a corpus with an index, and
`encoder` an encoder that needs no model.
"""

import pytest

for _part in ("answers_conformance", "rebuilds_conformance", "index_pair"):
    # With this, a failed assertion shows its values.
    pytest.register_assert_rewrite(f"{__name__}.{_part}")
