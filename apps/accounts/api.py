"""REST endpoints of accounts: session, projects, members, tokens."""

from allauth.account.adapter import get_adapter
from django.contrib.auth import login, logout
from django.db.models import F
from django.forms import ValidationError
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.invitations import invitation_create, invitation_revoke
from apps.accounts.models import Membership, Role, Token, User
from apps.accounts.permissions import MANAGE, access_project
from apps.accounts.preferences import preferences_of, preferences_set
from apps.accounts.second_factor import check_code
from apps.accounts.selectors import invitations_of, project_json, projects_of, tokens_of
from apps.accounts.services import member_remove, member_set, project_create
from apps.accounts.tokens import token_create, token_revoke
from apps.core.api import read
from apps.core.errors import AppError, forbidden, not_found


class SessionApi(APIView):
    """Who is logged in; log in; log out."""

    permission_classes = [AllowAny]

    class SessionInput(serializers.Serializer):
        username = serializers.CharField()
        password = serializers.CharField(trim_whitespace=False)
        code = serializers.CharField(required=False, help_text="Of the second factor, where there is one.")

    class SessionOutput(serializers.Serializer):
        username = serializers.CharField()

    @extend_schema(responses=SessionOutput)
    def get(self, request: Request) -> Response:
        if not request.user.is_authenticated:
            raise AppError("not_authenticated", "Nobody is logged in.", status=401)
        return Response({"username": request.user.username})

    @extend_schema(request=SessionInput, responses=SessionOutput)
    def post(self, request: Request) -> Response:
        fields = read(self.SessionInput, request.data)
        code = fields.pop("code", "")
        user = _authenticated(request, **fields)
        check_code(user, code)
        login(request, user)
        return Response({"username": user.username})

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        logout(request)
        return Response(status=204)


def _authenticated(request: Request, **credentials: str) -> User:
    """Who that is; counts the failures by name and by address, as the page does."""
    try:
        user = get_adapter(request).authenticate(request, **credentials)
    except ValidationError:
        raise AppError("too_many_tries", "Too many tries: wait some minutes.", status=429) from None
    if user is None or not user.is_active:
        raise AppError("wrong_login", "This name and password do not go together.", status=401)
    return user


class PreferencesApi(APIView):
    """How the person who asks likes the pages."""

    class PreferencesInput(serializers.Serializer):
        language = serializers.CharField(required=False, allow_blank=True)
        theme = serializers.CharField(required=False)
        guideline = serializers.BooleanField(required=False)
        keys = serializers.DictField(child=serializers.CharField(), required=False)

    @extend_schema(responses=PreferencesInput)
    def get(self, request: Request) -> Response:
        return Response(preferences_of(_person(request)))

    @extend_schema(request=PreferencesInput, responses=PreferencesInput)
    def patch(self, request: Request) -> Response:
        changes = read(self.PreferencesInput, request.data)
        return Response(preferences_set(user=_person(request), **changes))


def _person(request: Request) -> User:
    if request.user.token is not None:
        raise forbidden("a token", "a logged-in person")
    return request.user


class ProjectsApi(APIView):
    class ProjectsInput(serializers.Serializer):
        name = serializers.CharField(max_length=120)
        embodiment = serializers.DictField(required=False)

    class ProjectsOutput(serializers.Serializer):
        id = serializers.IntegerField()
        name = serializers.CharField()
        slug = serializers.CharField()
        role = serializers.ChoiceField(Role.choices)

    @extend_schema(responses=ProjectsOutput(many=True))
    def get(self, request: Request) -> Response:
        rows = projects_of(request.user)
        return Response(
            [
                {"id": m.project_id, "name": m.project.name, "slug": m.project.slug, "role": m.role}
                for m in rows
            ]
        )

    @extend_schema(request=ProjectsInput, responses={201: ProjectsOutput})
    def post(self, request: Request) -> Response:
        project = project_create(by=_person(request), **read(self.ProjectsInput, request.data))
        return Response(project_json(access_project(request.user, project.pk)), status=201)


class ProjectApi(APIView):
    class ProjectOutput(serializers.Serializer):
        id = serializers.IntegerField()
        name = serializers.CharField()
        slug = serializers.CharField()
        role = serializers.ChoiceField(Role.choices)
        permissions = serializers.ListField(child=serializers.CharField())
        taxonomy = serializers.DictField()
        embodiment = serializers.DictField()

    @extend_schema(responses=ProjectOutput)
    def get(self, request: Request, project_id: int) -> Response:
        return Response(project_json(access_project(request.user, project_id)))


class MembersApi(APIView):
    class Member(serializers.Serializer):
        username = serializers.CharField()
        role = serializers.ChoiceField(Role.choices)

    @extend_schema(responses=Member(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        rows = Membership.objects.filter(project=project).order_by("user__username")
        return Response(list(rows.values("role", username=F("user__username"))))

    @extend_schema(request=Member, responses={201: Member})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        member = member_set(project=project, by=request.user, **read(self.Member, request.data))
        return Response({"username": member.user.username, "role": member.role}, status=201)


class MemberApi(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: int, username: str) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        member_remove(project=project, username=username, by=request.user)
        return Response(status=204)


class InvitationsApi(APIView):
    class InvitationsInput(serializers.Serializer):
        role = serializers.ChoiceField(Role.choices)
        note = serializers.CharField(max_length=120, required=False, allow_blank=True)

    class InvitationsOutput(serializers.Serializer):
        id = serializers.IntegerField()
        role = serializers.ChoiceField(Role.choices)
        note = serializers.CharField()
        expires = serializers.DateTimeField()
        link = serializers.CharField(required=False, help_text="Only in the answer that made it.")

    @extend_schema(responses=InvitationsOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        return Response(list(invitations_of(project).values("id", "role", "note", "expires")))

    @extend_schema(request=InvitationsInput, responses={201: InvitationsOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        fields = read(self.InvitationsInput, request.data)
        made, secret = invitation_create(project=project, by=request.user, **fields)
        link = request.build_absolute_uri(reverse("invitation", args=(secret,)))
        shown = {"id": made.pk, "role": made.role, "note": made.note, "expires": made.expires, "link": link}
        return Response(shown, status=201)


class InvitationApi(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: int, invitation_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        invitation = project.invitations.filter(pk=invitation_id).first()
        if invitation is None:
            raise not_found("invitation")
        invitation_revoke(invitation=invitation)
        return Response(status=204)


class TokensApi(APIView):
    class TokensInput(serializers.Serializer):
        name = serializers.CharField(max_length=80)
        scopes = serializers.ListField(child=serializers.ChoiceField(Token.Scope.choices), allow_empty=False)
        days = serializers.IntegerField(required=False, help_text="Until it ends.")

    class TokensOutput(serializers.Serializer):
        id = serializers.IntegerField()
        name = serializers.CharField()
        scopes = serializers.ListField(child=serializers.CharField())
        expires = serializers.DateTimeField()
        last_used = serializers.DateTimeField(allow_null=True, help_text="To the minute.")
        secret = serializers.CharField(required=False, help_text="Only in the answer that made the token.")

    @extend_schema(responses=TokensOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        return Response(list(tokens_of(project).values("id", "name", "scopes", "expires", "last_used")))

    @extend_schema(request=TokensInput, responses={201: TokensOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        token, secret = token_create(project=project, by=request.user, **read(self.TokensInput, request.data))
        shown = {name: getattr(token, name) for name in ("id", "name", "scopes", "expires", "last_used")}
        return Response({**shown, "secret": secret}, status=201)


class TokenApi(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: int, token_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        token = project.tokens.filter(pk=token_id).first()
        if token is None:
            raise not_found("token")
        token_revoke(token=token)
        return Response(status=204)
