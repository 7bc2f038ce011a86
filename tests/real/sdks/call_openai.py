"""Calls of OpenAI's SDK, against its contract as published."""

from __future__ import annotations

import io
import os

import openai
from calls import run_calls

options = {"base_url": os.environ["URL"], "max_retries": 0, "timeout": 30}
client = openai.OpenAI(api_key="k", **options)
later = openai.AsyncOpenAI(api_key="k", **options)

HELLO = [{"role": "user", "content": "hi"}]
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
TOOL = {"type": "function", "function": {"name": "f", "parameters": SCHEMA}}
PICTURE = {"type": "image_url", "image_url": {"url": "https://shop.example/a.png"}}
WAVE = ("a.wav", b"RIFF")
chat = client.chat.completions


async def async_stream():
    stream = await later.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
    return [type(event).__name__ async for event in stream]


CALLS = {
    "models list": lambda: len(client.models.list().data),
    "model retrieve": lambda: client.models.retrieve("gpt-4o").id,
    "chat": lambda: chat.create(model="gpt-4o", messages=HELLO).choices[0].message.content,
    "chat tools": lambda: (
        chat.create(
            model="gpt-4o",
            messages=HELLO,
            tools=[TOOL],
            tool_choice="auto",
            temperature=0.5,
            stop=["x"],
            logit_bias={"50256": -100},
        ).id
    ),
    "chat picture": lambda: (
        chat.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": [{"type": "text", "text": "what"}, PICTURE]}],
        ).id
    ),
    "chat json schema": lambda: (
        chat.create(
            model="gpt-4o",
            messages=HELLO,
            response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}},
        ).id
    ),
    "chat stream": lambda: [
        type(e).__name__ for e in chat.create(model="gpt-4o", messages=HELLO, stream=True)
    ],
    "chat async stream": async_stream,
    "chat list": lambda: len(chat.list(limit=2, metadata={"a": "b"}).data),
    "completion": lambda: client.completions.create(model="gpt-3.5-turbo-instruct", prompt="x").id,
    "response create": lambda: client.responses.create(model="gpt-4o", input="hi").id,
    "response stream": lambda: [
        e.type for e in client.responses.create(model="gpt-4o", input="hi", stream=True)
    ],
    "response retrieve": lambda: (
        client.responses.retrieve("resp_1", include=["file_search_call.results"]).id
    ),
    "response items": lambda: len(
        client.responses.input_items.list("resp_1", limit=2, order="asc").data
    ),
    "response delete": lambda: client.responses.delete("resp_1"),
    "embeddings": lambda: len(
        client.embeddings.create(model="text-embedding-3-small", input=["a", "b"]).data
    ),
    "file upload": lambda: client.files.create(file=("a.jsonl", b"{}\n"), purpose="batch").id,
    "file upload brackets": lambda: (
        client.files.create(
            file=io.BytesIO(b"{}"),
            purpose="user_data",
            expires_after={"anchor": "created_at", "seconds": 3600},
        ).id
    ),
    "file list": lambda: len(client.files.list(purpose="batch", limit=2).data),
    "file delete": lambda: client.files.delete("file-1").deleted,
    "file content": lambda: client.files.content("file-1").text,
    "file pages": lambda: [f.id for f in client.files.list(limit=1)][:3],
    "transcription": lambda: client.audio.transcriptions.create(
        model="whisper-1", file=WAVE, response_format="json", timestamp_granularities=["word"]
    ),
    "transcription stream": lambda: [
        e.type
        for e in client.audio.transcriptions.create(
            model="gpt-4o-transcribe", file=WAVE, stream=True
        )
    ],
    "speech": lambda: len(
        client.audio.speech.create(model="tts-1", voice="alloy", input="hi").read()
    ),
    "image generate": lambda: len(
        client.images.generate(model="dall-e-3", prompt="x", n=1, size="1024x1024").data
    ),
    "image edit": lambda: len(
        client.images.edit(
            model="gpt-image-1", image=[("a.png", b"png"), ("b.png", b"png")], prompt="x"
        ).data
    ),
    "moderation": lambda: client.moderations.create(input=["a"]).id,
    "tuning create": lambda: (
        client.fine_tuning.jobs.create(
            model="gpt-4o-mini", training_file="file-1", hyperparameters={"n_epochs": 2}
        ).id
    ),
    "tuning list": lambda: len(client.fine_tuning.jobs.list(limit=2, metadata={"k": "v"}).data),
    "batch create": lambda: (
        client.batches.create(
            input_file_id="f",
            endpoint="/v1/chat/completions",
            completion_window="24h",
            metadata={"a": "b"},
        ).id
    ),
    "store create": lambda: client.vector_stores.create(name="x", file_ids=["file-1"]).id,
    "store search": lambda: len(
        client.vector_stores.search(
            "vs_1", query="x", filters={"type": "eq", "key": "a", "value": "b"}
        ).data
    ),
    "assistant create": lambda: (
        client.beta.assistants.create(model="gpt-4o", tools=[{"type": "code_interpreter"}]).id
    ),
    "thread create": lambda: client.beta.threads.create(messages=HELLO).id,
    "run stream": lambda: [
        e.event for e in client.beta.threads.runs.create("t1", assistant_id="a1", stream=True)
    ][:3],
    "run list": lambda: len(client.beta.threads.runs.list("t1", limit=1).data),
    "upload part": lambda: client.uploads.parts.create("up_1", data=b"abc").id,
    "conversation": lambda: (
        client.conversations.create(items=[{"type": "message", "role": "user", "content": "x"}]).id
    ),
    "container list": lambda: len(client.containers.list(limit=1).data),
    "wrong messages": lambda: chat.create(model="gpt-4o", messages="x"),
    "no key": openai.OpenAI(api_key="", **options).models.list,
}
ERRORS = {"wrong messages": "BadRequestError", "no key": "AuthenticationError"}

if __name__ == "__main__":
    run_calls(CALLS, ERRORS)
