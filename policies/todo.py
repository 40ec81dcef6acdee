"""What this room puts on a person's to-do list; each part keeps its own."""

from policies.assurance import todo as assurance
from policies.declarations import todo as declarations
from policies.documents import todo as documents
from policies.education import todo as education
from policies.reading import todo as reading
from policies.reviews import todo as reviews
from policies.training import todo as training

__all__ = ["assurance", "declarations", "documents", "education", "reading", "reviews", "training"]
