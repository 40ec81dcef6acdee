"""The rules of this room, found at start; each part keeps its own table."""

from policies.assurance import access as assurance
from policies.declarations import access as declarations
from policies.documents import access as documents
from policies.education import access as education
from policies.reading import access as reading
from policies.reviews import access as reviews
from policies.training import access as training

__all__ = ["assurance", "declarations", "documents", "education", "reading", "reviews", "training"]
