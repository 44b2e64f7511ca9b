"""Tools of others that a module of this package needs."""

from ._core import InputError


class MissingExtra(InputError, ImportError):
    """A module needs a package that is not installed."""


def needs(extra, failure):
    """The error for a missing package, which names the extra that brings it."""
    return MissingExtra(f"qupel.{extra.replace('-', '_')} needs the package {failure.name}, which is not installed: pip install 'qupel[{extra}]'")
