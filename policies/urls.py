"""Addresses of the policy pages. They hold codes and clause references, which are public names."""

from django.urls import path, register_converter

from policies import home_views, views
from policies.assurance.urls import urlpatterns as assurance
from policies.declarations.urls import urlpatterns as declarations
from policies.documents.urls import urlpatterns as documents
from policies.education.urls import urlpatterns as education
from policies.models import CLAUSE_REF
from policies.reading.urls import urlpatterns as reading
from policies.reviews.urls import urlpatterns as reviews
from policies.training.urls import urlpatterns as training


class ClauseRefConverter:
    """A clause reference such as `STM-15.21`; anything else is no address of ours."""

    regex = CLAUSE_REF

    def to_python(self, value: str) -> str:
        """The reference as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The reference as it stands in the table."""
        return value


register_converter(ClauseRefConverter, "clause_ref")

app_name = "policies"
urlpatterns = [
    *documents,
    *reviews,
    *reading,
    *training,
    *education,
    *declarations,
    *assurance,
    path("policies/", home_views.PoliciesHome.as_view(), name="home"),
    path("policies/five/", views.PolicyList.as_view(), name="policy-list"),
    path("policies/clause/<clause_ref:ref>/", views.ClauseDetail.as_view(), name="clause-detail"),
    path("policies/<slug:code>/", views.PolicyDetail.as_view(), name="policy-detail"),
]
