"""Warnings in words: of a licence or permit that ends, and of a load that is too heavy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from hsh.blueprints import formats
from hsh.blueprints.names import PERMITS
from hsh.core.expiry import Expiry
from hsh.queries.logistics.cautions import Caution, LicenceEnds, PermitEnds, TooHeavy


@dataclass(frozen=True, kw_only=True)
class Said:
    """A warning as it is read; ``tone`` is one of ui.alert's."""

    words: str
    tone: str


def said(cautions: Iterable[Caution]) -> list[Said]:
    """Return the warnings in words."""
    return [_said(caution) for caution in cautions]


def _said(caution: Caution) -> Said:
    match caution:
        case LicenceEnds(on=day, said=Expiry.OVER):
            return _stop(_("The truck's licence was over on %(day)s.", day=formats.day(day)))
        case LicenceEnds(on=day):
            return _soon(_("The truck's licence ends on %(day)s.", day=formats.day(day)))
        case PermitEnds(kind=kind, on=day, said=Expiry.OVER):
            return _stop(
                _("%(permit)s: over on %(day)s.", permit=PERMITS[kind], day=formats.day(day))
            )
        case PermitEnds(kind=kind, on=day):
            return _soon(
                _("%(permit)s: ends on %(day)s.", permit=PERMITS[kind], day=formats.day(day))
            )
        case TooHeavy(kg=kg, most=most):
            return _stop(
                _(
                    "With this load the truck carries %(kg)s kg gross; it may carry %(most)s kg.",
                    kg=formats.exact(kg),
                    most=formats.exact(most),
                )
            )


def _stop(words: str) -> Said:
    return Said(words=words, tone="stop")


def _soon(words: str) -> Said:
    return Said(words=words, tone="wait")
