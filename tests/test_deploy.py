"""The files in deploy/ are well formed, and name existing settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pullquote.schema.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
MANIFESTS = sorted(DEPLOY.rglob("*.yaml"))
NAMED = re.compile(r"\bPULLQUOTE_([A-Z_]+)\b")


def loaded(path: Path) -> list[dict]:
    """The documents of a YAML file."""
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_are_yaml(path: Path) -> None:
    """Each document is a mapping with the keys that its kind requires."""
    for document in loaded(path):
        if path.name == "compose.yaml":
            assert {"services", "volumes", "networks"} <= document.keys()
        else:
            assert {"apiVersion", "kind", "metadata"} <= document.keys()


@pytest.mark.parametrize(
    "path",
    [*MANIFESTS, DEPLOY / "Dockerfile", DEPLOY / "pullquote.service"],
    ids=lambda path: path.name,
)
def test_the_settings_that_are_named_exist(path: Path) -> None:
    """Every PULLQUOTE_ variable in the files is a setting."""
    named = {name.lower() for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert named <= set(Settings.model_fields)


def test_services_of_compose_know_each_other() -> None:
    """Each waits for, mounts and joins only what exists; no port of Milvus is published."""
    [compose] = loaded(DEPLOY / "compose.yaml")
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", [])) <= services.keys()
        assert set(service.get("networks", [])) <= compose["networks"].keys()
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    upstream = re.findall(r"server (\S+):7860", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    assert upstream == [name for name in services if name.startswith("chat-")]


def test_who_waits_until_another_is_well_can_learn_it() -> None:
    """A service that others wait for has a health check."""
    [compose] = loaded(DEPLOY / "compose.yaml")
    services = compose["services"]
    waits = {
        (name, other)
        for name, service in services.items()
        if isinstance(service.get("depends_on"), dict)
        for other, how in service["depends_on"].items()
        if how["condition"] == "service_healthy"
    }
    assert {("rebuild", "ray-worker"), ("ray-worker", "ray-head")} <= waits
    assert all("test" in services[other].get("healthcheck", {}) for _, other in waits)


def test_the_balancer_starts_anew_with_the_copies() -> None:
    """It restarts, since it would use the old addresses of the copies."""
    [compose] = loaded(DEPLOY / "compose.yaml")
    waits = compose["services"]["nginx"]["depends_on"]
    assert {name: how["restart"] for name, how in waits.items()} == {"chat-1": True, "chat-2": True}


def of_kind(file: str, kind: str) -> dict:
    """The only document of a kind in a file for Kubernetes."""
    [found] = [one for one in loaded(DEPLOY / "kubernetes" / file) if one["kind"] == kind]
    return found


def test_no_chat_rebuilds_as_it_starts() -> None:
    """No copy rebuilds at its start, since all would at once; another service rebuilds."""
    [compose] = loaded(DEPLOY / "compose.yaml")
    for chat in ("chat-1", "chat-2"):
        assert compose["services"][chat]["environment"]["PULLQUOTE_UPDATE_AT_START"] == "false"
    chat = of_kind("chat.yaml", "Deployment")["spec"]["template"]["spec"]["containers"][0]
    assert {"configMapRef": {"name": "pullquote"}} in chat["envFrom"]
    settings = of_kind("chat.yaml", "ConfigMap")["data"]
    assert settings["PULLQUOTE_UPDATE_AT_START"] == "false"


def test_a_chat_that_waits_for_its_index_is_not_killed() -> None:
    """It gets no questions, since /healthz is 503, and is not restarted while it listens."""
    chat = of_kind("chat.yaml", "Deployment")["spec"]["template"]["spec"]["containers"][0]
    assert chat["readinessProbe"]["httpGet"] == {"path": "/healthz", "port": 7860}
    for probe in ("startupProbe", "livenessProbe"):
        assert chat[probe]["tcpSocket"] == {"port": 7860}


def test_nodes_of_ray_are_asked_at_ports_that_they_open() -> None:
    """They have their own probes, since KubeRay's use a server that is not in the image."""
    cluster = of_kind("ray.yaml", "RayCluster")["spec"]
    [workers] = cluster["workerGroupSpecs"]
    [head] = cluster["headGroupSpec"]["template"]["spec"]["containers"]
    [worker] = workers["template"]["spec"]["containers"]
    assert head["readinessProbe"]["tcpSocket"] == {"port": 10001}
    assert head["livenessProbe"]["tcpSocket"] == {"port": 6379}
    port = int(workers["rayStartParams"]["node-manager-port"])
    for probe in ("readinessProbe", "livenessProbe"):
        assert worker[probe]["tcpSocket"] == {"port": port}


def test_the_rebuild_asks_for_actors_that_the_cluster_can_hold() -> None:
    """The number of actors is set, because an idle cluster has no nodes to count."""
    job = of_kind("chat.yaml", "CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    asked = {one["name"]: one.get("value") for one in job["containers"][0]["env"]}
    actors = int(asked["PULLQUOTE_RAY_ACTORS"])
    [workers] = of_kind("ray.yaml", "RayCluster")["spec"]["workerGroupSpecs"]
    [worker] = workers["template"]["spec"]["containers"]
    assert workers["minReplicas"] == 0
    assert 0 < actors <= workers["maxReplicas"] * int(worker["resources"]["limits"]["cpu"])


def test_the_ingress_keeps_whoever_asks_by_the_address() -> None:
    """It has no cookie, which has precedence over the address and which programs do not store."""
    annotations = of_kind("chat.yaml", "Ingress")["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/upstream-hash-by"] == "$remote_addr"
    assert "nginx.ingress.kubernetes.io/affinity" not in annotations


def test_every_file_is_documented() -> None:
    """The README has a row for every file."""
    documented = (DEPLOY / "README.md").read_text(encoding="utf-8")
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.name != "README.md"]
    assert all(f"| `{path.relative_to(DEPLOY).as_posix()}` |" in documented for path in files)
