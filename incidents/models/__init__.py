"""The tables of this room."""

from incidents.models.bypass import Ban, Circumvention
from incidents.models.matter import About, Kind, Matter, NamedPerson, RoadStep
from incidents.models.report import ContentReport, DealtWith, Handover, ImageRecord, Nature, TechnicianPart

__all__ = [
    "About",
    "Ban",
    "Circumvention",
    "ContentReport",
    "DealtWith",
    "Handover",
    "ImageRecord",
    "Kind",
    "Matter",
    "NamedPerson",
    "Nature",
    "RoadStep",
    "TechnicianPart",
]
