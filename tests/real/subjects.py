"""Who takes part: the packages to install, the contract, and the script that makes the calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Subject:
    """One SDK or one server.

    Args:
        name: The name of the script, of the generated package and of the folder below `.real/`.
        kind: An SDK calls our stand-in; a server is called by our client.
        requirements: What pip installs into the subject's own environment.
        contract: Below the corpus folder for an SDK; where the server publishes it, for a server.
        base_path: What the SDK expects behind the host, such as `/v1`.
    """

    name: str
    kind: Literal["sdk", "server"]
    requirements: tuple[str, ...]
    contract: str
    base_path: str = ""


SUBJECTS = (
    Subject("stripe", "sdk", ("stripe==6.4.0",), "stripe/stripe-spec3-2023-09-12.yaml"),
    Subject("openai", "sdk", ("openai==2.8.1",), "openai/openai.yaml", base_path="/v1"),
    Subject("github", "sdk", ("githubkit==0.13.5",), "github/api.github.com.json"),
    Subject("chroma", "server", ("chromadb==1.5.9",), "/openapi.json"),
    Subject("jupyter", "server", ("jupyter_server==2.21.1",), "/api/spec.yaml"),
    Subject("powerdns", "server", (), "/api/docs"),
)
