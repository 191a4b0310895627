"""Who may come in: by key, by session, or as whoever sits at this machine."""

from __future__ import annotations

import ipaddress

from assistant.callers import LOCAL, Caller
from assistant.errors import SettingsError
from assistant.keys import Keys
from assistant.sessions import Sessions
from assistant.settings import Settings


class Access:
    """Tells callers by what they show. Safe to share between threads.

    Args:
        keys: the keys; None where none are set, and then this machine alone may ask.
        sessions: the sessions of the page, where there are keys.
    """

    def __init__(self, keys: Keys | None = None, sessions: Sessions | None = None) -> None:
        self._keys = keys
        self._sessions = sessions

    @classmethod
    def open(cls, settings: Settings) -> Access:
        """The access that *settings* describe.

        Raises:
            SettingsError: the server would listen to other machines without keys, or the keys
                or the sessions cannot be read.
        """
        if settings.keys is None:
            if not settings.is_loopback:
                raise SettingsError(_WITHOUT_KEYS.format(host=settings.host))
            return cls()
        return cls(Keys(settings.keys), Sessions(settings.data))

    @property
    def needs_key(self) -> bool:
        """Whether keys are set."""
        return self._keys is not None

    def at_this_machine(self, address: str | None) -> Caller | None:
        """Who calls from *address* while no keys are set; None for another machine.

        Other machines get this far where something passes them on to the loopback.
        """
        return LOCAL if self._keys is None and _is_here(address) else None

    def by_key(self, secret: str) -> Caller | None:
        """Whose key *secret* is."""
        key = self._keys.find(secret) if self._keys else None
        return key.caller if key else None

    def by_session(self, token: str) -> Caller | None:
        """Who started the session of *token*; it ends with his key."""
        if self._keys is None or self._sessions is None:
            return None
        sha256 = self._sessions.key_of(token)
        key = self._keys.find_digest(sha256) if sha256 else None
        return key.caller if key else None

    def log_in(self, secret: str) -> str | None:
        """A new session's token for whoever has the key *secret*; None where it is no key."""
        key = self._keys.find(secret) if self._keys else None
        return self._sessions.start(key.sha256) if key and self._sessions else None

    def log_out(self, token: str) -> None:
        """End the session of *token*."""
        if self._sessions:
            self._sessions.end(token)


_WITHOUT_KEYS = (
    "不能在 {host} 上监听：对其他机器开放需要访问密钥。请先运行 "
    "ANZE_KEYS=var/keys.json anze key add 名称 --audience public，"
    "再以 ANZE_KEYS=var/keys.json ANZE_ALLOWED_HOSTS=访问时用的主机名 启动；"
    "只在本机使用则把 ANZE_HOST 设为 127.0.0.1。"
)


def _is_here(address: str | None) -> bool:
    """Whether *address* is of the loopback; what is no IP address came through no network."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return True
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_loopback
