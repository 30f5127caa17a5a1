"""Limits of texts, options and interactive elements."""

import re
from collections.abc import Callable
from typing import Any

from local_slack.errors import Json

ACTION_ID_MAX = 255
_TYPED_MAX = 3000
_FILES_MAX = 10
_PLAIN = frozenset({"plain_text"})
_ANY_TEXT = frozenset({"plain_text", "mrkdwn"})
_CONFIRM_LIMITS = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")


class Faults(list[str]):
    """What is wrong with a payload, each with a pointer to the place."""

    def add(self, pointer: str, message: str) -> None:
        """Notes one fault."""
        self.append(f"{message} [json-pointer:{pointer}]")

    def check_string(
        self, value: Any, pointer: str, maximum: int, *, minimum: int = 1, required: bool = True
    ) -> None:
        """A string of an allowed length; None counts as missing."""
        if value is None:
            if required:
                self.add(pointer, "missing required field")
        elif not isinstance(value, str):
            self.add(pointer, "must be a string")
        elif len(value) > maximum:
            self.add(pointer, f"must be less than {maximum + 1} characters")
        elif len(value) < minimum:
            self.add(pointer, f"must be more than {minimum - 1} characters")

    def check_items(self, value: Any, pointer: str, maximum: int, *, minimum: int = 1) -> list[Any]:
        """A list of an allowed length; returns it, or an empty one when it is not a list."""
        if not isinstance(value, list):
            self.add(pointer, "must be an array")
            return []
        if len(value) > maximum:
            self.add(pointer, f"no more than {maximum} items allowed")
        elif len(value) < minimum:
            self.add(pointer, f"must provide at least {minimum} items")
        return value

    def check_text(
        self, value: Any, pointer: str, maximum: int, *, plain: bool = False, required: bool = True
    ) -> None:
        """A text object."""
        if value is None:
            if required:
                self.add(pointer, "missing required field")
            return
        kinds = _PLAIN if plain else _ANY_TEXT
        if not isinstance(value, dict) or value.get("type") not in kinds:
            self.add(pointer, f"must be a text object of type {' or '.join(sorted(kinds))}")
            return
        self.check_string(value.get("text"), f"{pointer}/text", maximum)

    def check_choice(self, value: Any, pointer: str, allowed: tuple[Any, ...]) -> None:
        """One of a few values, or nothing."""
        if value is not None and value not in allowed:
            self.add(pointer, f"must be one of {', '.join(map(str, allowed))}")


def check_element(element: Any, pointer: str, allowed: frozenset[str], faults: Faults) -> None:
    """Checks an interactive element that stands in a place for certain types."""
    if not isinstance(element, dict):
        faults.add(pointer, "must be an object")
        return
    kind = element.get("type")
    if kind not in allowed:
        faults.add(pointer, f"unsupported type: {kind}")
        return
    faults.check_string(element.get("action_id"), f"{pointer}/action_id", ACTION_ID_MAX, required=False)
    if "placeholder" in element:
        faults.check_text(element["placeholder"], f"{pointer}/placeholder", 150, plain=True)
    if "confirm" in element:
        _check_confirm(element["confirm"], f"{pointer}/confirm", faults)
    check = _CHECKS.get(str(kind))
    if check is not None:
        check(element, pointer, faults)


def _check_confirm(confirm: Any, pointer: str, faults: Faults) -> None:
    if not isinstance(confirm, dict):
        faults.add(pointer, "must be an object")
        return
    for field, maximum in _CONFIRM_LIMITS.items():
        is_plain = field != "text"
        faults.check_text(confirm.get(field), f"{pointer}/{field}", maximum, plain=is_plain, required=False)
    for field in ("title", "text"):
        if field not in confirm:
            faults.add(f"{pointer}/{field}", "missing required field")


def _check_option(option: Any, pointer: str, faults: Faults, *, plain: bool) -> None:
    if not isinstance(option, dict):
        faults.add(pointer, "must be an object")
        return
    faults.check_text(option.get("text"), f"{pointer}/text", 75, plain=plain)
    faults.check_string(option.get("value"), f"{pointer}/value", 150)
    faults.check_text(option.get("description"), f"{pointer}/description", 75, plain=plain, required=False)


def _check_options(element: Json, pointer: str, faults: Faults, maximum: int, *, plain: bool = True) -> None:
    options = faults.check_items(element.get("options"), f"{pointer}/options", maximum)
    for index, option in enumerate(options):
        _check_option(option, f"{pointer}/options/{index}", faults, plain=plain)
    _check_initial(element, options, pointer, faults)


def _check_initial(element: Json, options: list[Any], pointer: str, faults: Faults) -> None:
    initial = element.get("initial_options") or (
        [element["initial_option"]] if element.get("initial_option") else []
    )
    for option in initial:
        if option not in options:
            faults.add(pointer, "initial option is not one of the options")
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(set(values)) < len(values):
        faults.add(f"{pointer}/options", "option values must be unique")


def _check_button(element: Json, pointer: str, faults: Faults) -> None:
    faults.check_text(element.get("text"), f"{pointer}/text", 75, plain=True)
    faults.check_string(element.get("value"), f"{pointer}/value", 2000, minimum=0, required=False)
    faults.check_string(element.get("url"), f"{pointer}/url", 3000, required=False)
    faults.check_string(
        element.get("accessibility_label"), f"{pointer}/accessibility_label", 75, required=False
    )
    faults.check_choice(element.get("style"), f"{pointer}/style", ("primary", "danger"))


def _check_select(element: Json, pointer: str, faults: Faults) -> None:
    if "option_groups" not in element:
        _check_options(element, pointer, faults, 100)
        return
    options: list[Any] = []
    groups = faults.check_items(element["option_groups"], f"{pointer}/option_groups", 100)
    for index, group in enumerate(groups):
        place = f"{pointer}/option_groups/{index}"
        faults.check_text(group.get("label"), f"{place}/label", 75, plain=True)
        found = faults.check_items(group.get("options"), f"{place}/options", 100)
        for number, option in enumerate(found):
            _check_option(option, f"{place}/options/{number}", faults, plain=True)
        options += found
    _check_initial(element, options, pointer, faults)


def _check_multi_select(element: Json, pointer: str, faults: Faults) -> None:
    _check_select(element, pointer, faults)
    maximum = element.get("max_selected_items")
    if maximum is not None and (not isinstance(maximum, int) or maximum < 1):
        faults.add(f"{pointer}/max_selected_items", "must be at least 1")


def _check_overflow(element: Json, pointer: str, faults: Faults) -> None:
    _check_options(element, pointer, faults, 5)


def _check_marks(element: Json, pointer: str, faults: Faults) -> None:
    _check_options(element, pointer, faults, 10, plain=False)


def _check_text_input(element: Json, pointer: str, faults: Faults) -> None:
    for field, lowest in (("min_length", 0), ("max_length", 1)):
        value = element.get(field)
        if value is not None and (not isinstance(value, int) or not lowest <= value <= _TYPED_MAX):
            faults.add(f"{pointer}/{field}", f"must be between {lowest} and 3000")
    longest = element.get("max_length") or 3000
    if (element.get("min_length") or 0) > longest:
        faults.add(f"{pointer}/min_length", "must not be greater than max_length")
    faults.check_string(
        element.get("initial_value"), f"{pointer}/initial_value", 3000, minimum=0, required=False
    )


def _check_number_input(element: Json, pointer: str, faults: Faults) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        faults.add(f"{pointer}/is_decimal_allowed", "missing required field")


def _check_file_input(element: Json, pointer: str, faults: Faults) -> None:
    maximum = element.get("max_files", 10)
    if not isinstance(maximum, int) or not 1 <= maximum <= _FILES_MAX:
        faults.add(f"{pointer}/max_files", "must be between 1 and 10")


def _check_date(element: Json, pointer: str, faults: Faults) -> None:
    value = element.get("initial_date")
    if value is not None and not _DATE.fullmatch(str(value)):
        faults.add(f"{pointer}/initial_date", "must be of the form YYYY-MM-DD")


def _check_time(element: Json, pointer: str, faults: Faults) -> None:
    value = element.get("initial_time")
    if value is not None and not _TIME.fullmatch(str(value)):
        faults.add(f"{pointer}/initial_time", "must be of the form HH:mm")


_CHECKS: dict[str, Callable[[Json, str, Faults], None]] = {
    "button": _check_button,
    "checkboxes": _check_marks,
    "datepicker": _check_date,
    "file_input": _check_file_input,
    "multi_static_select": _check_multi_select,
    "number_input": _check_number_input,
    "overflow": _check_overflow,
    "plain_text_input": _check_text_input,
    "radio_buttons": _check_marks,
    "static_select": _check_select,
    "timepicker": _check_time,
}
