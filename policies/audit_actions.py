"""The sentences of this room in the log, and its notices; each part keeps its own."""

from policies.assurance import words as assurance
from policies.declarations import words as declarations
from policies.documents import words as documents
from policies.education import words as education
from policies.reading import words as reading
from policies.reviews import words as reviews
from policies.training import words as training

__all__ = ["assurance", "declarations", "documents", "education", "reading", "reviews", "training"]
