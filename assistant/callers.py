"""Who asks, and what that lets them read."""

from __future__ import annotations

from dataclasses import dataclass

from index.provision import Audience


@dataclass(frozen=True)
class Caller:
    """Somebody who asks.

    Args:
        name: what the record of questions calls him: the name of his key.
        audience: what he may read.
        rate: how often he may ask, as ``60/minute``; empty for no limit.
    """

    name: str
    audience: Audience
    rate: str = ""


#: Whoever sits at this machine while no keys are set: reads everything.
LOCAL = Caller("local", Audience.INTERNAL)

#: Whoever asks without a key what is open to everybody: whether the server is ready.
ANYONE = Caller("anyone", Audience.PUBLIC)
