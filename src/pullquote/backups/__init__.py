"""Backups of an index and its settings: one file each, with digests, that can be restored."""

from pullquote.backups.backup import Backup, backup
from pullquote.backups.restore import Restored, restore

__all__ = ["Backup", "Restored", "backup", "restore"]
