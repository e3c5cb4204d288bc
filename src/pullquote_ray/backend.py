"""The entry point `ray`: articles are parsed and embedded on a Ray cluster."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pullquote.index.encoder import Encoder
from pullquote.index.rebuild.batches import Prepare
from pullquote.schema.setting_types import Precision
from pullquote.schema.settings import Settings, load_settings
from pullquote_ray.joining import LOCAL
from pullquote_ray.preparing import RayCluster
from pullquote_ray.worker import ActorShape


class RayBackend:
    """Embedding on a Ray cluster, configured by the settings that begin with `ray_`."""

    def preparing(self, address: str, settings: Settings) -> Prepare:
        """Return a function that prepares articles on the cluster at an address.

        The cluster is joined when preparing begins.
        """
        cache = settings.cache if "cache" in settings.model_fields_set else None
        return RayCluster(
            address=address or LOCAL,
            shape=ActorShape(
                actors=settings.ray_actors, cpus=settings.ray_cpus, gpus=settings.ray_gpus
            ),
            encoder=partial(
                encoder_on_node,
                settings.encoder,
                batch_size=settings.batch_size,
                cache=cache,
                precision=settings.encoder_precision,
            ),
        ).prepare


def encoder_on_node(
    name: str,
    threads: int,
    device: str,
    *,
    batch_size: int,
    cache: Path | None,
    precision: Precision | None = None,
) -> Encoder:
    """The encoder of one worker. If `cache` is None, its machine's settings name the folder."""
    folder = load_settings().cache if cache is None else cache
    return Encoder(
        name,
        batch_size=batch_size,
        cache=folder,
        threads=threads,
        device=device,
        precision=precision,
    )
