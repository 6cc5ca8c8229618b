"""The states of a benchmark run on the site."""

from apps.core.jobs import job_states

run_states = job_states("benchmark run", need="release")
