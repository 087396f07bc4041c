"""What FastAPI makes of a parameter or an answer of one application serves the next one's.

Each application has hundreds of them, most of them alike: two thirds of the time that it takes to
make one. That is nothing in a process with one application. Tests make hundreds.
"""

from typing import Any

from fastapi._compat import v2
from fastapi.dependencies import utils


def share_fields() -> None:
    """Let all applications of this process share what is found out of their fields."""
    _share_validation()
    _share_analysis()


def _share_validation() -> None:
    known: dict[Any, tuple[Any, Any]] = {}
    make = v2.ModelField.__post_init__

    def made_once(field: v2.ModelField) -> None:
        given = v2.asdict(field.field_info)
        options = repr((given["metadata"], given["attributes"], field.config))
        try:
            found = known.get((given["annotation"], options))
        except TypeError:  # what cannot be looked up is made
            make(field)
            return
        if found is None:
            make(field)
            # `given` is kept: a name in `options` may hold an address, which is not to be reused
            known[given["annotation"], options] = field._type_adapter, given
        else:
            field._type_adapter = found[0]

    setattr(v2.ModelField, "__post_init__", made_once)  # noqa: B010 - types take it for a field


def _share_analysis() -> None:
    """What a parameter of one annotation object, name and default is stands once."""
    known: dict[tuple[Any, ...], tuple[utils.ParamDetails, Any, Any]] = {}
    analyze = utils.analyze_param

    def analyzed_once(
        *, param_name: str, annotation: Any, value: Any, path_param_names: set[str]
    ) -> utils.ParamDetails:
        is_in_path = param_name in path_param_names
        asked = (param_name, id(annotation), id(value), is_in_path)
        if asked in known:
            return known[asked][0]
        found = analyze(
            param_name=param_name,
            annotation=annotation,
            value=value,
            path_param_names=path_param_names,
        )
        if found.depends is None:
            known[asked] = found, annotation, value  # kept: an address is not to be reused
        return found

    utils.analyze_param = analyzed_once
