"""How to start, read from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

#: What `Options.from_environment` reads.
NAMES = (
    "PORT BIND ORGS TLS LATENCY_MS PER_RECORD_MS ROTATION SEED CAMPAIGNS STATE_FILE INSTANCE_URLS"
)


@dataclass(frozen=True)
class Options:
    #: The login host and the first org; each further org takes the next port. 0 takes free ports.
    port: int = 8900
    host: str = "127.0.0.1"
    orgs: int = 2
    tls: bool = False
    latency_ms: float = 0
    per_record_ms: float = 0
    rotation: bool = False
    seed: int = 1
    campaigns: int = 0
    #: A JSON file that keeps everything over a restart.
    state_file: Path | None = None
    #: Origins to announce instead of http://host:port, such as https://acme.my.salesforce.com.
    instance_urls: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> Options:
        """Raises ValueError for a number that is none."""
        get = os.environ.get
        state_file = get("STATE_FILE")
        return cls(
            port=int(get("PORT") or 8900),
            host=get("BIND") or "127.0.0.1",
            orgs=int(get("ORGS") or 2),
            tls=get("TLS", "") not in {"", "0"},
            latency_ms=float(get("LATENCY_MS") or 0),
            per_record_ms=float(get("PER_RECORD_MS") or 0),
            rotation=get("ROTATION", "") not in {"", "0"},
            seed=int(get("SEED") or 1),
            campaigns=int(get("CAMPAIGNS") or 0),
            state_file=Path(state_file) if state_file else None,
            instance_urls=tuple((get("INSTANCE_URLS") or "").split()),
        )
