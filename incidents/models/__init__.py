"""The tables of this room."""

from incidents.models.bypass import Ban, Circumvention
from incidents.models.matter import About, Matter, MatterKind, NamedPerson, RoadStep
from incidents.models.report import ContentReport, DealtWith, Handover, ImageRecord, Nature, TechnicianPart

__all__ = [
    "About",
    "Ban",
    "Circumvention",
    "ContentReport",
    "DealtWith",
    "Handover",
    "ImageRecord",
    "Matter",
    "MatterKind",
    "NamedPerson",
    "Nature",
    "RoadStep",
    "TechnicianPart",
]
