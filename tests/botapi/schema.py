"""Calls and values checked against api.json, the machine-readable Bot API.

:class:`Schema` compiles the description once into checkers. It knows required
fields, types (nested objects, arrays, unions told apart by their constant
fields), and the limits that the descriptions state: "1-4096 characters after
entities parsing", "1-64 bytes", "list of 1-100", "At most 100", "between 1 and
360", "must be one of" and their like. What Telegram refuses raises ApiError in Telegram's words;
what Telegram silently ignores is collected as an oddity.

api.json: Bot API 10.1, from PaulSonOfLars/telegram-bot-api-spec (LICENSE beside it).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.botapi import entities
from tests.botapi.entities import Formatted, Json, utf16_length
from tests.botapi.errors import ApiError, malformed

UNLIMITED_LIVE_PERIOD = 0x7FFFFFFF

Check = Callable[[Any, str, "Findings"], Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent as multipart/form-data."""

    filename: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Findings:
    """What checking one call brings to light."""

    files: Mapping[str, Upload] = field(default_factory=dict)
    params: Json = field(default_factory=dict)
    texts: dict[str, Formatted] = field(default_factory=dict)
    """Formatted texts by path, such as ``text`` or ``media[1].caption``."""
    oddities: list[str] = field(default_factory=list)
    method: str = ""


class ParseError(Exception):
    """A value of the wrong shape; the message is Telegram's, without prefixes."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Lowest and highest length (or number); ``unit`` is characters, bytes, items or number."""

    low: int
    high: int
    unit: str

    def broken_by(self, value: Any) -> bool:
        """True if ``value`` is outside."""
        size = value
        if self.unit == "bytes":
            size = len(value.encode())
        elif self.unit == "characters":
            size = utf16_length(value)
        elif self.unit == "items":
            size = len(value)
        return not self.low <= size <= self.high


_LENGTH = re.compile(r"(\d+)-(\d+) (characters|[Bb]ytes)")
_LONGEST = re.compile(r"can't exceed (\d+) (bytes)")
_COUNT = re.compile(r"[Ll]ist of (\d+)-(\d+) |include (\d+)-(\d+) items|[Aa]t most (\d+) ")
_RANGE = re.compile(r"(?:^|[\s;,])(\d+)-(\d+)(?=[\s.;,]|$)|between (\d+) and (\d+)")
_PARSED = re.compile(r"after entit(?:ies|y) parsing")
_ONE_OF = re.compile(r"[Mm]ust be (?:one of|either) ([^.]*)")
_QUOTED = re.compile('[“"]([^”"]+)[”"]')
_CONSTANT = re.compile(r"(?:must be|always) [“\"]?(\w+)[”\"]?[.,]?$")

# Limits that api.json states only in prose elsewhere, or not at all.
_MORE_LIMITS = {
    # "No more than 50 results per query are allowed" (description of answerInlineQuery)
    ("answerInlineQuery", "results"): Limit(0, 50, "items"),
}

# Telegram's own words for a broken limit, by (method or type, field); "" is any field's owner.
_LIMIT_WORDS = {
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("BotCommand", "command"): "BOT_COMMAND_INVALID",
    ("BotCommand", "description"): "BOT_COMMAND_DESCRIPTION_INVALID",
    ("setMyCommands", "commands"): "BOT_COMMANDS_TOO_MUCH",
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("answerInlineQuery", "results"): "RESULTS_TOO_MUCH",
    ("answerInlineQuery", "next_offset"): "NEXT_OFFSET_INVALID",
    ("InlineQueryResultsButton", "start_parameter"): "START_PARAM_INVALID",
    ("editMessageText", "text"): "MESSAGE_TOO_LONG",
    ("editMessageCaption", "caption"): "MEDIA_CAPTION_TOO_LONG",
    ("", "text"): "message is too long",
    ("", "message_text"): "message is too long",
    ("", "caption"): "message caption is too long",
}

# Telegram's own words for a missing parameter.
_MISSING_WORDS = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "user_id": "invalid user_id specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    **{
        kind: f"there is no {kind} in the request"
        for kind in ("photo", "document", "audio", "video", "animation", "voice", "sticker")
    },
}

# What the server puts before an error inside an object of the type.
_PREFIXES = {
    "InlineKeyboardButton": "Can't parse inline keyboard button: ",
    "KeyboardButton": "Can't parse keyboard button: ",
    "MessageEntity": "Can't parse MessageEntity: ",
    "BotCommand": "Can't parse BotCommand: ",
}
_PREFIX_STARTS = {
    "InlineQueryResult": "Can't parse inline query result: ",
    "InputMedia": "Can't parse InputMedia: ",
    "BotCommandScope": "Can't parse BotCommandScope: ",
}

_JSON_NAMES = {
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "scope": "BotCommandScope",
}


@dataclass(slots=True)
class _Text:
    """A field whose value goes through entity parsing."""

    name: str
    mode: str
    entities: str
    limit: Limit


@dataclass(slots=True)
class ObjectSpec:
    """A type, or the parameters of a method."""

    name: str
    fields: dict[str, Check]
    types: dict[str, list[str]]
    required: list[str]
    limits: dict[str, Limit]
    constants: dict[str, str]
    texts: list[_Text]
    choices: dict[str, frozenset[str]] = field(default_factory=dict)
    """The only values that a String may have, where the description lists them."""
    returns: list[str] = field(default_factory=list)


@functools.cache
def load_api() -> Json:
    """The parsed api.json."""
    document: Json = json.loads((Path(__file__).parent / "api.json").read_text("utf-8"))
    return document


class Schema:
    """Checkers for every method and type of the description.

    With ``limits=False`` only shapes are checked: that is for answers and
    updates, which come from this side.
    """

    def __init__(self, document: Json | None = None, *, limits: bool = True) -> None:
        self._document = document or load_api()
        self._limits = limits
        self._types: dict[str, Check] = {}
        self._specs: dict[str, ObjectSpec] = {}
        self._methods: dict[str, ObjectSpec] = {}
        self._names = {name.lower(): name for name in self._document["methods"]}

    # --- public --------------------------------------------------------------------------

    def method(self, name: str) -> ObjectSpec | None:
        """The method of that name, in any case of letters; None if there is none."""
        proper = self._names.get(name.lower())
        if proper is None:
            return None
        if proper not in self._methods:
            self._methods[proper] = self._spec(self._document["methods"][proper])
        return self._methods[proper]

    def check_call(
        self, spec: ObjectSpec, raw: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> Findings:
        """Decode and check the parameters of a call; raises a malformed ApiError.

        ``raw`` has strings where the call was a form, JSON values where it was JSON.
        """
        findings = Findings(files=files, method=spec.name)
        for name, value in raw.items():
            if value is None:
                continue
            if name not in spec.fields:
                findings.oddities.append(f"{spec.name} has no parameter {name!r}")
                continue
            try:
                findings.params[name] = self._parameter(spec, name, value, findings)
            except ParseError as error:
                raise malformed(str(error)) from None
            if findings.params[name] is None:
                del findings.params[name]
        for name in files:
            if name in spec.fields and "InputFile" in spec.types[name]:
                findings.params[name] = f"attach://{name}"
        for name in spec.required:
            if name not in findings.params:
                words = _MISSING_WORDS.get(name, f'parameter "{name}" is required')
                raise malformed(words)
        self._check_texts(spec, findings.params, "", findings)
        self._check_attachments(raw, findings)
        return findings

    def problems(self, type_name: str, value: Any) -> list[str]:
        """What is wrong with a value of a type, unknown fields included; [] if nothing is."""
        findings = Findings()
        try:
            self._check(type_name)(value, type_name, findings)
        except (ParseError, ApiError) as error:
            return [str(error), *findings.oddities]
        return findings.oddities

    def fields(self, type_name: str) -> frozenset[str]:
        """The names of a type's fields."""
        return frozenset(one["name"] for one in self._document["types"][type_name]["fields"])

    def booleans(self, type_name: str) -> dict[str, bool]:
        """The Boolean fields of a type with True where it requires them."""
        fields = self._document["types"][type_name]["fields"]
        return {f["name"]: f["required"] for f in fields if f["types"] == ["Boolean"]}

    # --- compiling -----------------------------------------------------------------------

    def _check(self, type_name: str) -> Check:
        """The checker of a type by its name in api.json."""
        found = self._types.get(type_name)
        if found is None:
            found = self._types[type_name] = self._compile(type_name)
        return found

    def _compile(self, name: str) -> Check:
        scalars = {
            "String": _string,
            "Integer": _integer,
            "Float": _float,
            "Boolean": _boolean,
            "InputFile": _string,
        }
        if name in scalars:
            return scalars[name]
        if name.startswith("Array of "):
            return self._array(name.removeprefix("Array of "))
        described = self._document["types"][name]
        if described.get("subtypes"):
            return self._union(described["subtypes"])
        return self._object(name)

    def _array(self, inner_name: str) -> Check:
        inner: Check | None = None

        def check(value: Any, path: str, findings: Findings) -> Any:
            nonlocal inner
            inner = inner or self._check(inner_name)
            if not isinstance(value, list):
                raise ParseError(f'Field "{_last(path)}" must be of type Array')
            return [inner(item, f"{path}[{n}]", findings) for n, item in enumerate(value)]

        return check

    def _union(self, names: Sequence[str]) -> Check:
        objects = [n for n in names if n in self._document["types"]]
        others = [n for n in names if n not in objects]

        def check(value: Any, path: str, findings: Findings) -> Any:
            if isinstance(value, dict) and objects:
                return self._check(self._pick(objects, value))(value, path, findings)
            error: ParseError | None = None
            for name in others:
                try:
                    return self._check(name)(value, path, findings)
                except ParseError as failure:
                    error = error or failure
            raise error or ParseError(f'Field "{_last(path)}" must be of type Object')

        return check

    def _pick(self, names: Sequence[str], value: Json) -> str:
        """Which of several object types a value is meant to be.

        Constants decide ("type" must be article), then required fields present,
        then the number of fields known.
        """

        def fit(name: str) -> tuple[int, int, int]:
            if self._document["types"][name].get("subtypes"):
                return (0, 0, 0)
            spec = self._object_spec(name)
            wrong = sum(value.get(key) != constant for key, constant in spec.constants.items())
            missing = sum(key not in value for key in spec.required)
            return (-wrong, -missing, sum(key in spec.fields for key in value))

        best = max(names, key=fit)
        if fit(best)[0] < 0:
            raise ParseError(f"{_prefix(best)}Unsupported type specified")
        return best

    def _object_spec(self, name: str) -> ObjectSpec:
        if name not in self._specs:
            self._specs[name] = self._spec(self._document["types"][name])
        return self._specs[name]

    def _object(self, name: str) -> Check:
        spec: ObjectSpec | None = None
        prefix = _prefix(name)

        def check(value: Any, path: str, findings: Findings) -> Any:
            nonlocal spec
            spec = spec or self._object_spec(name)
            if not isinstance(value, dict):
                raise ParseError(f"{prefix}{name} must be an Object")
            try:
                return self._check_object(spec, value, path, findings)
            except ParseError as error:
                raise ParseError(prefix + str(error)) from None

        return check

    def _spec(self, described: Json) -> ObjectSpec:
        owner = described["name"]
        spec = ObjectSpec(owner, {}, {}, [], {}, {}, [], {}, described.get("returns", []))
        names = {f["name"] for f in described.get("fields", [])}
        for f in described.get("fields", []):
            name, text = f["name"], f["description"]
            spec.types[name] = f["types"]
            if len(f["types"]) == 1:
                spec.fields[name] = self._check(f["types"][0])
            else:
                spec.fields[name] = self._union(self._flat(f["types"]))
            if f["required"]:
                spec.required.append(name)
            constant = _CONSTANT.search(text)
            if constant and f["required"] and f["types"] == ["String"]:
                spec.constants[name] = constant[1]
            listed = _ONE_OF.search(text) if f["types"] == ["String"] else None
            if listed:
                spec.choices[name] = frozenset(_QUOTED.findall(listed[1]))
            limit = _MORE_LIMITS.get((owner, name)) or _stated_limit(f["types"], text)
            if self._limits and limit:
                spec.limits[name] = limit
                formatting = _formatting(name, names)
                if limit.unit == "characters" and formatting:
                    del spec.limits[name]
                    spec.texts.append(_Text(name, *formatting, limit))
        return spec

    def _flat(self, names: Sequence[str]) -> list[str]:
        """``Array of A | Array of B`` as one array of a union (media groups), else ``names``."""
        if all(name.startswith("Array of ") for name in names):
            joined = "|".join(name.removeprefix("Array of ") for name in names)
            if joined not in self._types:
                self._types[joined] = self._union(joined.split("|"))
                self._types[f"Array of {joined}"] = self._array(joined)
            return [f"Array of {joined}"]
        return list(names)

    # --- checking ------------------------------------------------------------------------

    def _parameter(self, spec: ObjectSpec, name: str, value: Any, findings: Findings) -> Any:
        types = spec.types[name]
        if isinstance(value, str):
            value = _decoded(name, types, value)
            if value is None:
                return None
        elif types == ["String"] and isinstance(value, int | float):
            value = json.dumps(value)  # the server turns every JSON parameter into a string
        if name == "reply_markup" and value == {}:
            return None
        value = spec.fields[name](value, name, findings)
        self._check_limit(spec, name, value)
        return value

    def _check_object(self, spec: ObjectSpec, value: Json, path: str, findings: Findings) -> Json:
        found: Json = {}
        for name, inner in value.items():
            if inner is None:
                continue
            check = spec.fields.get(name)
            if check is None:
                findings.oddities.append(f"{path}: {spec.name} has no field {name!r}")
                continue
            found[name] = check(inner, f"{path}.{name}", findings)
            self._check_limit(spec, name, found[name])
        for name in spec.required:
            if name not in found:
                raise ParseError(f'Can\'t find field "{name}"')
        if spec.texts:
            self._check_texts(spec, found, f"{path}.", findings)
        return found

    def _check_limit(self, spec: ObjectSpec, name: str, value: Any) -> None:
        choices = spec.choices.get(name)
        if choices and value not in choices:
            raise malformed(f'field "{name}" must be one of {", ".join(sorted(choices))}')
        limit = spec.limits.get(name)
        if limit and limit.broken_by(value):
            if limit.unit == "number" and value == UNLIMITED_LIVE_PERIOD:
                return
            raise malformed(self._words(spec, name, limit, value))

    def _words(self, spec: ObjectSpec, name: str, limit: Limit, value: Any) -> str:
        if spec.name == "BotCommand" and not value:
            return f"command {'description' if name == 'description' else 'name'} must be non-empty"
        if spec.name.startswith("InlineQueryResult") and name == "id":
            return "RESULT_ID_INVALID"
        known = _LIMIT_WORDS.get((spec.name, name))
        if known is None and limit.unit == "characters" and spec.texts:
            known = _LIMIT_WORDS.get(("", name))
        unit = "" if limit.unit == "number" else f" {limit.unit}"
        return known or f'field "{name}" must be {limit.low}-{limit.high}{unit}'

    def _check_texts(self, spec: ObjectSpec, value: Json, path: str, findings: Findings) -> None:
        for text in spec.texts:
            raw = value.get(text.name)
            if raw is None:
                continue
            if raw == "" and text.limit.low:
                raise malformed("message text is empty")
            formatted = self._formatted(text, value, path, findings)
            if formatted.length > text.limit.high:
                raise malformed(self._words(spec, text.name, text.limit, raw))
            findings.texts[path + text.name] = formatted

    def _formatted(self, text: _Text, value: Json, path: str, findings: Findings) -> Formatted:
        raw, mode, given = value[text.name], value.get(text.mode), value.get(text.entities)
        allow_empty = text.limit.low == 0
        if mode and raw:
            if given:
                findings.oddities.append(
                    f"{path}{text.entities} is ignored where {text.mode} is given"
                )
            formatted = entities.parse(raw, mode, allow_empty=allow_empty)
        else:
            formatted = entities.settle(raw, given or (), allow_empty=allow_empty)
        findings.oddities += [f"{path}{text.name}: {oddity}" for oddity in formatted.oddities]
        return formatted

    def _check_attachments(self, raw: Mapping[str, Any], findings: Findings) -> None:
        """Every ``attach://name`` has its part in the form, and every part is meant."""
        written = json.dumps(findings.params)
        for name in re.findall(r'"attach://([^"]*)"', written):
            if name not in findings.files:
                raise malformed("can't parse InputMedia: media not found")
        for name in findings.files:
            if f'"attach://{name}"' not in written:
                findings.oddities.append(f"file {name!r} is sent but not referred to")


def _prefix(type_name: str) -> str:
    if type_name in _PREFIXES:
        return _PREFIXES[type_name]
    return next((p for start, p in _PREFIX_STARTS.items() if type_name.startswith(start)), "")


def _stated_limit(types: Sequence[str], text: str) -> Limit | None:
    """The limit a description states for a field of these types."""
    if types == ["String"]:
        if match := _LENGTH.search(text):
            return Limit(int(match[1]), int(match[2]), match[3].lower())
        if match := _LONGEST.search(text):
            return Limit(0, int(match[1]), match[2])
    elif all(name.startswith("Array of ") for name in types):
        if match := _COUNT.search(text):
            numbers = [int(group) for group in match.groups() if group]
            return Limit(numbers[0] if len(numbers) == 2 else 0, numbers[-1], "items")
    elif types in (["Integer"], ["Float"]) and (match := _RANGE.search(text)):
        low, high = (int(group) for group in match.groups() if group)
        return Limit(low, high, "number")
    return None


def _formatting(name: str, names: set[str]) -> tuple[str, str] | None:
    """The fields beside ``name`` that give its parse mode and its entities."""
    own = (f"{name}_parse_mode", f"{name}_entities")
    if own[0] in names:
        return own
    listed = f"{name}_entities" if name == "caption" else "entities"
    if "parse_mode" in names and name in ("text", "message_text", "caption") and listed in names:
        return "parse_mode", listed
    return None


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _decoded(name: str, types: Sequence[str], value: str) -> Any:
    """A form's string as the JSON value that the parameter's types ask for; None if absent."""
    if "String" in types or "InputFile" in types:
        if "Integer" in types and re.fullmatch(r"-?\d+", value):
            return int(value)
        return value if value or types == ["String"] else None
    if not value:
        return None
    if types == ["Boolean"]:
        known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        return known.get(value.strip().lower(), value)
    if types in (["Integer"], ["Float"]):
        try:
            return int(value) if types == ["Integer"] else float(value)
        except ValueError:
            return value
    try:
        return json.loads(value)
    except ValueError:
        raise ParseError(f"Can't parse {_JSON_NAMES.get(name, name)} JSON object") from None


def _string(value: Any, path: str, findings: Findings) -> Any:
    if not isinstance(value, str):
        raise ParseError(f'Field "{_last(path)}" must be of type String')
    return value


def _integer(value: Any, path: str, findings: Findings) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ParseError(f'Field "{_last(path)}" must be of type Number')
    return value


def _float(value: Any, path: str, findings: Findings) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParseError(f'Field "{_last(path)}" must be of type Number')
    return value


def _boolean(value: Any, path: str, findings: Findings) -> Any:
    if not isinstance(value, bool):
        raise ParseError(f'Field "{_last(path)}" must be of type Boolean')
    return value
