"""The address that a server listens on, taken or tried; a taken one is told in a sentence."""

import errno
import socket

from telemetry.errors import ConfigurationError


def take_port(host: str, port: int) -> socket.socket:
    """The bound socket. Raises ConfigurationError where it cannot be had, with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(_refusal(host, port, error)) from None
    return listening


def try_port(host: str, port: int) -> None:
    """Raises ConfigurationError where the port could not be taken now."""
    take_port(host, port).close()


def _refusal(host: str, port: int, error: OSError) -> str:
    place = f"{host}:{port} cannot be listened on"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{place}: another program uses this port; end it, or give another --port, such as "
            f"{_another(port)} (make run PORT={_another(port)})"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{place}: this user may not use this port; give one above 1023, such as --port 8000"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{place}: {host} is no address of this machine; give another --host"
    return f"{place} ({error.strerror}); give another --port or --host"


def _another(port: int) -> int:
    return port + 1 if port < 65535 else 8000
