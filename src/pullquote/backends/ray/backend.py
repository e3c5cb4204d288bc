"""What the entry point `ray` names: it has articles read and embedded on a Ray cluster."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pullquote.backends.ray.preparing import RayCluster
from pullquote.backends.ray.shape import ActorShape
from pullquote.encoder import Encoder
from pullquote.index.rebuild.batches import Prepare
from pullquote.settings import Settings, load_settings

OWN = "local"
"""The address of a Ray that is started for one rebuild."""


class RayBackend:
    """Embedding on the actors of a Ray cluster, by the settings that begin with `ray_`."""

    def preparing(self, address: str, settings: Settings) -> Prepare:
        """How articles are prepared on the cluster at an address; it is not joined yet."""
        cache = settings.cache if "cache" in settings.model_fields_set else None
        return RayCluster(
            address=address or OWN,
            shape=ActorShape(
                actors=settings.ray_actors, cpus=settings.ray_cpus, gpus=settings.ray_gpus
            ),
            encoder=partial(
                encoder_on_node, settings.encoder, batch_size=settings.batch_size, cache=cache
            ),
        ).prepare


def encoder_on_node(
    name: str, threads: int, device: str, *, batch_size: int, cache: Path | None
) -> Encoder:
    """The encoder of one of many; models are kept where that machine keeps them, if not told."""
    place = load_settings().cache if cache is None else cache
    return Encoder(name, batch_size=batch_size, cache=place, threads=threads, device=device)
