"""The parts that break the wire: wrong statuses, silence, drips, cuts, bombs, wrong shapes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from itertools import cycle, islice

from evals.scripted.asked import Asked
from evals.scripted.wire import Wire, event
from evals.scripted.writers import copyist

_SENT = "/v1/chat/completions"
#: What a bomb holds once it is unpacked, and the longest line, in bytes.
_BOMB, _LINE = 256 * 2**20, 64 * 2**20
_BLOCK = 2**20


def hangs(asked: Asked, wire: Wire) -> None:
    """Takes the request and says nothing."""
    wire.pause(3600)


def drips(asked: Asked, wire: Wire) -> None:
    """Begins a stream and sends it byte by byte, with pauses."""
    wire.begin()
    for byte in cycle(event(wire.delta(content="安全生产"))):
        wire.chunk(bytes([byte]))
        wire.pause(wire.pace)


def drips_headers(asked: Asked, wire: Wire) -> None:
    """Sends the head of a reply byte by byte, with pauses."""
    wire.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        wire.raw(b"a")
        wire.pause(wire.pace)


def keeps_alive(asked: Asked, wire: Wire) -> None:
    """Sends comments, as servers do while a request waits in their queue, for ever."""
    wire.begin()
    while True:
        wire.chunk(b": keep-alive\n\n")
        wire.pause(wire.pace)


def busy(asked: Asked, wire: Wire) -> None:
    """429, to be tried again later than anybody waits."""
    wire.error(429, "Rate limit reached", {"Retry-After": "30"})


def breaks(asked: Asked, wire: Wire) -> None:
    """500."""
    wire.error(500, "Internal Server Error")


def overloaded(asked: Asked, wire: Wire) -> None:
    """503 as a proxy says it, in HTML."""
    wire.whole(503, b"<html><body><h1>503 Service Unavailable</h1></body></html>", "text/html")


def unauthorised(asked: Asked, wire: Wire) -> None:
    """401 that shows the key again, as some do."""
    wire.error(401, f"Incorrect API key: {asked.headers.get('authorization', '')}")


def unknown_model(asked: Asked, wire: Wire) -> None:
    """404: there is no such model."""
    wire.error(404, f"The model {asked.model} does not exist")


def no_schema(asked: Asked, wire: Wire) -> None:
    """400 where JSON is wanted, a good plain answer where not."""
    if asked.is_structured:
        wire.error(400, "response_format is not supported")
    else:
        wire.text(copyist(asked))


def malformed(asked: Asked, wire: Wire) -> None:
    """200 with the log-in page of some gateway."""
    wire.whole(200, "<html><body>请先登录</body></html>".encode(), "text/html; charset=utf-8")


def no_json(asked: Asked, wire: Wire) -> None:
    """A stream whose events are no JSON."""
    wire.events(b"hello", b"{not json", b"[DONE]")


def invalid_utf8(asked: Asked, wire: Wire) -> None:
    """A stream with bytes in it that are no text."""
    good = event(wire.delta(content="安全生产"))
    wire.begin()
    wire.chunk(good.replace("安".encode(), b"\xff\xfe\x80"))
    wire.chunk(event(b"[DONE]"))
    wire.end()


def wrong_shape(asked: Asked, wire: Wire) -> None:
    """JSON that is no completion."""
    wire.events({"result": "ok", "data": [1, 2, 3]}, b"[DONE]")


def wrong_types(asked: Asked, wire: Wire) -> None:
    """A completion whose parts are of the wrong kinds."""
    wire.events({"choices": [{"delta": {"content": {"text": [42, None]}}}]}, b"[DONE]")


def null_choices(asked: Asked, wire: Wire) -> None:
    """A completion whose choices are null."""
    wire.events({"id": "x", "choices": None}, b"[DONE]")


def no_object(asked: Asked, wire: Wire) -> None:
    """Events that are JSON and no objects."""
    wire.events(b"42", b'"text"', b"null", b"[DONE]")


def fails_in_stream(asked: Asked, wire: Wire) -> None:
    """A stream that begins well and then tells an error."""
    wire.events(
        wire.delta(content='{"statements": ['),
        {"error": {"message": "CUDA out of memory", "type": "server_error", "code": 500}},
    )


def calls_tool(asked: Asked, wire: Wire) -> None:
    """Calls a tool that nobody offered, and says nothing."""
    call = {"name": "delete_everything", "arguments": "{}"}
    tool = {"index": 0, "id": "call_1", "type": "function", "function": call}
    wire.events(wire.delta(tool_calls=[tool]), wire.delta("tool_calls"), b"[DONE]")


def filtered(asked: Asked, wire: Wire) -> None:
    """The provider's filter keeps the answer back."""
    wire.text((), finish="content_filter")


def truncated(asked: Asked, wire: Wire) -> None:
    """The longest answer that the provider allows ends in the middle."""
    whole = "".join(copyist(asked))
    wire.text([whole[: len(whole) // 2]], finish="length")


def cut_off(asked: Asked, wire: Wire) -> None:
    """The connection closes in the middle of the stream."""
    wire.begin()
    for said in _first_half(asked):
        wire.chunk(event(wire.delta(content=said)))
    wire.cut()


def ends_early(asked: Asked, wire: Wire) -> None:
    """A stream that ends in the middle as if it were whole: no reason, no ``[DONE]``."""
    wire.events(*(wire.delta(content=said) for said in _first_half(asked)))


def gzip_bomb(asked: Asked, wire: Wire) -> None:
    """A small reply that is a quarter of a gigabyte unpacked."""
    wire.begin(headers={"Content-Encoding": "gzip"})
    packer = zlib.compressobj(wbits=31)
    before, _, after = event(wire.delta(content="\x07")).partition(rb"\u0007")
    wire.chunk(packer.compress(before))
    for _ in range(_BOMB // _BLOCK):
        wire.chunk(packer.compress(b"a" * _BLOCK))
    wire.chunk(packer.compress(after) + packer.flush())
    wire.end()


def huge_line(asked: Asked, wire: Wire) -> None:
    """A line of a stream that fills the memory of whoever waits for its end."""
    wire.begin()
    wire.chunk(b"data: ")
    for _ in range(_LINE // _BLOCK):
        wire.chunk(b"a" * _BLOCK)
    wire.end()


def huge_header(asked: Asked, wire: Wire) -> None:
    """A header without an end."""
    wire.raw(b"HTTP/1.1 200 OK\r\nX-Huge: ")
    for _ in range(_LINE // _BLOCK):
        wire.raw(b"a" * _BLOCK)
    wire.cut()


def no_http(asked: Asked, wire: Wire) -> None:
    """What a server says that speaks something else."""
    wire.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    wire.cut()


def redirects(asked: Asked, wire: Wire) -> None:
    """302 to another host, which would be shown the key."""
    wire.whole(302, b"", headers={"Location": f"{wire.elsewhere()}{_SENT}"})


def forwards(asked: Asked, wire: Wire) -> None:
    """307 to another host, which would be sent the question, too."""
    wire.whole(307, b"", headers={"Location": f"{wire.elsewhere()}{_SENT}"})


def runs_in_circles(asked: Asked, wire: Wire) -> None:
    """307 to itself, for ever."""
    wire.whole(307, b"", headers={"Location": _SENT})


def no_stream(asked: Asked, wire: Wire) -> None:
    """A good answer as one document, though a stream was asked for."""
    message = {"role": "assistant", "content": "".join(copyist(asked))}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    wire.whole(200, json.dumps({"object": "chat.completion", "choices": [choice]}).encode())


def reasons_first(asked: Asked, wire: Wire) -> None:
    """Reasons apart from the answer, as models that reason stream them, then a good answer."""
    wire.begin()
    wire.chunk(event(wire.delta(role="assistant", content=None)))
    for _ in range(20):
        wire.chunk(event(wire.delta(content=None, reasoning_content="先看看问的是什么。")))
    for piece in copyist(asked):
        wire.chunk(event(wire.delta(content=piece, reasoning_content=None)))
    wire.chunk(event(wire.delta("stop")))
    wire.chunk(event(b"[DONE]"))
    wire.end()


def reasons_on(asked: Asked, wire: Wire) -> None:
    """Reasons apart from the answer, and never an answer."""
    wire.begin()
    while True:
        wire.chunk(event(wire.delta(content=None, reasoning_content="再想一想。")))
        wire.pause(0.001)  # a thousand a second, faster than any model thinks


def _first_half(asked: Asked) -> Iterator[str]:
    whole = "".join(copyist(asked))
    return islice(iter(whole), len(whole) // 2)
