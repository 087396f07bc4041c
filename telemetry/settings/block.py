"""What every block of the configuration is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Block(BaseModel):
    """A mapping of the configuration: unknown keys are errors, nothing changes after loading.

    The descriptions of the keys are what deploy/configuration.md says of them.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, hide_input_in_errors=True
    )
