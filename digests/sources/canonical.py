"""One name for an article's address: what two feeds link to is told to be the same.

:func:`canonical_url` normalises as RFC 3986, section 6, and cuts what says how a reader came
and not what is read. What it gives is a key to compare, not an address to fetch. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote_plus, urlsplit, urlunsplit

from digests.sources.text import tidy

_LONGEST = 2_000

# Parameters that only count readers, by the programs that add them.
_TRACKING = re.compile(
    r"""utm[_-].+ | (?:fb|g|dc|y|tw|tt)clid | msclkid | [gw]braid | gclsrc | srsltid
    | igshi?d? | li_fat_id | s_cid | vero_id | fb_(?:ref|source|action_\w+) | xing_share
    | (?:mc|at|wt|pk|mtm|piwik|matomo|ga|hmb|oly)_.+ | wt\.\w+ | wtmc | wt_?zmc | xt(?:or|ref|cr|np)
    | ns_(?:campaign|mchannel|source|linkname|fee) | _?_?hs(?:enc|mi|fp|tc|sc|ctatracking)
    | hss_channel | _g[al] | __twitter_impression | mkt_tok | dicbo | sfnsn | spref | maca
    | soc_(?:src|trk) | guccounter | guce_\w+ | traffic_source | sara_\w+ | gepc | wpisrc
    | (?:cmp|icm|ic|intc|nc|oc|mb|sm)id | smtyp | nr_email_referr?er | amp_\w+ | usqp
    | phpsessid | jsessionid | aspsessionid\w*
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Names that mean something elsewhere, with the values that tell a way in.
_WAYS_IN = re.compile(
    r"""(?:ref|referrer|source|src|from|partner|emc|via|cmp|xtor|origin|campaign)=
        (?:(?:public)?rss.* | .*[-_.]rss(?:[-_.].*)? | (?:atom|feed|feedburner|newsfeed|newsletter|
           twitter|facebook|share_\w+ | (?:home|start)(?:page|seite)))
    | (?:output(?:type)?|format|mode)=amp | amp(?:=(?:1|true))? | rss(?:=(?:1|true|yes))? | feed=rss
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_SUFFIX = r"(?:ac|co|com|edu|go|gov|gv|ne|net|nom|or|org)\.[a-z]{2}"
_DOOR = re.compile(rf"^(?:www\d?|m|mobile?|amp)\.(?!{_SUFFIX}$)(?=[^.]+\.[^.])")
_INDEX = re.compile(r"/index\.(?:s?html?|php)$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"/(?:amp|[civ])/(?:s/)?(?P<rest>[\w-]+(?:\.[\w-]+)+/.*)")
# What most addresses are already, and the rules would leave as it is.
_CANONICAL = re.compile(
    r"""https:// (?!(?:www\d?|m|mobile?|amp)\.) (?![^/]*(?:google|ampproject))
    [a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60})+
    (?!(?i:.*(?:[/.]amp|/index\.))) (?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_MARKED = re.compile(r"[^!-~]+")


def canonical_url(url: str) -> str | None:
    """The address of an article in the form that all its spellings share.

    None for what is no http(s) address, is longer than 2,000 characters, or is the front
    page of a site, which names no article.

    http is https; a host is lower case and ASCII, without user, default port, a last dot, and
    the doors ``www.``, ``m.``, ``mobil(e).``, ``amp.``. Dot segments, session ids, ``/index.html``
    (and ``.php``), AMP variants (``/amp``, ``.amp.html``, ``?outputType=amp``) and slashes at the
    end of a path go; percent-escapes take one form. Tracking parameters go, all others keep
    their order. A fragment goes, unless it is a path (``#!…``, ``#/…``). AMP caches and the
    redirects of search alerts give the address within.

    Wary: what may tell two articles apart stays. Idempotent.
    """
    known: str | None = None
    # Each cut may bare another; none lengthens the address, so that this ends.
    while url != known:
        if _CANONICAL.fullmatch(url) and len(url) <= _LONGEST:
            return url
        known = url
        parts = _split(url)
        if parts is None:
            return None
        url = _inner(parts) or _once(parts)
    front = _split(url)
    return None if front is None or not (front.path or front.query or front.fragment) else url


def without_tracking(url: str) -> str:
    """An address as it is, but without tracking parameters and session ids.

    For ids that are addresses: some sites put into them what differs with every request.
    """
    if "?" not in url and ";" not in url:
        return url
    front, mark, fragment = url.partition("#")
    path, _, query = front.partition("?")
    kept = "&".join(piece for piece in query.split("&") if piece and not _is_tracking(piece))
    path = _SESSION_IN_PATH.sub("", path)
    return f"{path}?{kept}{mark}{fragment}" if kept else f"{path}{mark}{fragment}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit("".join(tidy(url).split("\n")).strip())
        _ = parts.port
    except ValueError:
        return None
    usable = parts.scheme.lower() in {"http", "https"} and parts.hostname
    return parts if usable and len(url) <= _LONGEST else None


def _once(parts: SplitResult) -> str:
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(
        ("https", _host(parts), _path(parts.path), _query(parts.query), _escapes(fragment))
    )


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = _escapes(host)
    host = f"[{host}]" if ":" in host else _DOOR.sub("", host, count=1)
    return host if parts.port in {None, 80, 443} else f"{host}:{parts.port}"


def _path(path: str) -> str:
    path = _without_dots(_escapes(_SESSION_IN_PATH.sub("", path)))
    path = _INDEX.sub("", path).rstrip("/")
    path = re.sub(r"(?<=[^/])(?:/amp$|\.amp(?=\.html?$)|\.amp$)", "", path, flags=re.IGNORECASE)
    return path.rstrip("/")


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _query(query: str) -> str:
    pieces = re.sub(r"&amp;", "&", query, flags=re.IGNORECASE).split("&")
    return "&".join(_escapes(piece) for piece in pieces if piece and not _is_tracking(piece))


def _is_tracking(piece: str) -> bool:
    plain = unquote_plus(piece)
    name = plain.partition("=")[0]
    return bool(_TRACKING.fullmatch(name) or _WAYS_IN.fullmatch(plain))


def _escapes(text: str) -> str:
    """Escape what an address cannot hold, and nothing that it can; in upper case."""
    text = _MARKED.sub(lambda found: _escaped(found[0]), text)
    return _ESCAPED.sub(_unescaped, text)


def _escaped(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[0][1:], 16))
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()


def _inner(parts: SplitResult) -> str | None:
    """The address that an AMP cache or the redirect of a search alert leads to."""
    host = (parts.hostname or "").lower()
    if host.endswith(".cdn.ampproject.org") or re.fullmatch(r"www\.google(?:\.\w+)+", host):
        if match := _AMP_CACHE.fullmatch(parts.path):
            query = f"?{parts.query}" if parts.query else ""
            return f"https://{match['rest']}{query}"
        if parts.path == "/url":
            found = parse_qs(parts.query)
            target = next(iter(found.get("url") or found.get("q") or ()), "")
            return target if _split(target) else None
    return None
