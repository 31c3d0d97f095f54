"""Where a request comes from, behind however many proxies of ours."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"


def client_ip(request: HttpRequest) -> str:
    """Return the visitor's address; an IPv6 one as its /64 network, since one home owns all of it.

    ``TRUSTED_PROXY_COUNT`` says how many proxies append to X-Forwarded-For; anything left of that is the visitor's own
    claim and not believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.TRUSTED_PROXY_COUNT
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= proxies:
            address = hops[-proxies]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a unix socket has none
        return NOWHERE
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)
