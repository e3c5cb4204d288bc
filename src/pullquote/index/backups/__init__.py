"""Backups of an index and its settings: one file each, with digests, that can be restored."""

from pullquote.index.backups.backup import Backup, backup
from pullquote.index.backups.restore import Restored, restore

__all__ = ["Backup", "Restored", "backup", "restore"]
