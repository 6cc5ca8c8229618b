"""`manage.py add_person NAME --project PROJECT --role ROLE`"""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts.models import Role, User
from apps.accounts.services import member_set, project_named_or_new, user_create
from apps.core.errors import AppError


class Command(BaseCommand):
    help = "Give a person a role in a project; both are made when they are new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--project", required=True, help="name or slug; made when it is new")
        parser.add_argument("--role", required=True, choices=Role.values)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        name, role = options["name"], options["role"]
        try:
            user = User.objects.filter(username=name).first() or self._new(name)
            project = project_named_or_new(name=options["project"], role=role, by=user)
            member_set(project=project, username=name, role=role, by=user)
        except AppError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{name} is {role} of {project}.")

    def _new(self, name: str) -> User:
        password = secrets.token_urlsafe(9)
        user = user_create(username=name, password=password)
        self.stdout.write(f"{name} is new; the password is {password}")
        return user
