"""A note in Jupyter Server: made, renamed, kept as a checkpoint and removed, by the contract that it publishes."""

from __future__ import annotations

import os
import uuid

import jupyter.models as m
from jupyter import AsyncJupyterClient, JupyterClient
from story import tell

NOWHERE = uuid.UUID(int=0)


def story(client, step):
    name = f"n{uuid.uuid4().hex[:8]}.txt"
    note = m.PutApiContentsPathRequest(type="file", format="text", content="Grüße, 42\n")
    renamed = m.PatchApiContentsPathRequest(path=f"new-{name}")

    step("version", lambda: client.get_api().version)
    step("status", lambda: client.get_api_status().connections)
    step("note create", lambda: client.put_api_contents_path(name, body=note).name)
    step("note", lambda: client.get_api_contents_path(name).content)
    step("checkpoint create", lambda: client.post_api_contents_path_checkpoints(name).id)
    step("checkpoint list", lambda: len(client.get_api_contents_path_checkpoints(name)))
    step("note rename", lambda: client.patch_api_contents_path(name, renamed).path)
    step("no such note", lambda: client.get_api_contents_path(name), "NotFoundError")
    step("note delete", lambda: client.delete_api_contents_path(f"new-{name}"))
    step("sessions", lambda: len(client.get_api_sessions()))
    step("kernels", lambda: len(client.get_api_kernels()))
    step("no such kernel", lambda: client.get_api_kernels_kernel_id(NOWHERE), "NotFoundError")
    step("kernel specs", lambda: client.get_api_kernelspecs().default)
    step("config", lambda: client.get_api_config_section_name("notes"))
    step("who am I", lambda: client.get_api_me().identity)


tell(story, JupyterClient, AsyncJupyterClient, base_url=os.environ["URL"])
