"""A complaint about the policy reaches somebody who may close it (CIT-2.11, CIT-2.19)."""

from incidents.comments.complaints import settlers
from incidents.comments.hearers import panel
from incidents.comments.services.writing import tell
from incidents.models import Comment
from people.governance.profile import Profile
from people.models import User


def tell_settlers(
    comment: Comment, actor: User, profile: Profile, *, batch: str = "", link: str = ""
) -> None:
    """Tell who may close it, where nobody of the panel who was told of its kind may: it names them."""
    if comment.kind != Comment.Kind.POLICY:
        return
    people = settlers(comment)
    if {one.pk for one in people} & {one.pk for one in panel(comment, profile)}:
        return
    key = f"{batch or comment.pk}:policy"
    tell(comment, "incidents.comment_policy", people, key=key, but=actor, link=link)
