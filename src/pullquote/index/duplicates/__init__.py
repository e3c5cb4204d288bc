"""Which articles belong together: revisions of one, and near duplicates."""
