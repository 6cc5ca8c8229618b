"""The states of a build of VQA data."""

from apps.core.jobs import job_states

vqa_states = job_states("VQA build", need="release")
