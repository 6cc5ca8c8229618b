"""All addresses of the site: pages, the REST API, its schema, health."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from apps.accounts import api as accounts
from apps.accounts import pages as account_pages
from apps.annotation import api as annotation
from apps.annotation import pages as annotation_pages
from apps.core.health import healthz
from apps.drafting import api as drafting
from apps.drafting import pages as drafting_pages
from apps.drafting import plan_pages
from apps.episodes import api as episodes
from apps.episodes import media_api as media
from apps.episodes import pages as episode_pages
from apps.episodes import recordings_api as recordings
from apps.releases import api as releases
from apps.releases import pages as release_pages
from apps.review import api as review
from apps.review import pages as review_pages
from apps.rollouts import api as rollouts
from apps.rollouts import pages as rollout_pages
from apps.rollouts import tus_api as tus

handler404 = "apps.core.pages.page_not_found"
handler500 = "apps.core.pages.server_error"

api_v1 = [
    path("session/", accounts.SessionApi.as_view()),
    path("preferences/", accounts.PreferencesApi.as_view()),
    path("projects/", accounts.ProjectsApi.as_view()),
    path("projects/<int:project_id>/", accounts.ProjectApi.as_view()),
    path("projects/<int:project_id>/members/", accounts.MembersApi.as_view()),
    path("projects/<int:project_id>/members/<str:username>/", accounts.MemberApi.as_view()),
    path("projects/<int:project_id>/tokens/", accounts.TokensApi.as_view()),
    path("projects/<int:project_id>/tokens/<int:token_id>/", accounts.TokenApi.as_view()),
    path("projects/<int:project_id>/tasks/", episodes.TasksApi.as_view()),
    path("tasks/<int:task_id>/", episodes.TaskApi.as_view()),
    path("projects/<int:project_id>/imports/plan/", episodes.ImportPlanApi.as_view()),
    path("projects/<int:project_id>/uploads/", episodes.UploadsApi.as_view()),
    path("projects/<int:project_id>/recordings/", recordings.RecordingsApi.as_view()),
    path("projects/<int:project_id>/recordings/plan/", recordings.RecordingsPlanApi.as_view()),
    path("projects/<int:project_id>/recordings/<uuid:upload_id>/", recordings.RecordingsStateApi.as_view()),
    path("projects/<int:project_id>/episodes/", episodes.EpisodesApi.as_view()),
    path("episodes/<int:episode_id>/", episodes.EpisodeApi.as_view()),
    path("episodes/<int:episode_id>/signals/", media.SignalsApi.as_view()),
    path("episodes/<int:episode_id>/cameras/<str:camera>/index/", media.IndexApi.as_view()),
    path("episodes/<int:episode_id>/cameras/<str:camera>/frames/<int:number>/", media.FrameApi.as_view()),
    path(
        "episodes/<int:episode_id>/cameras/<str:camera>/frames/<int:number>.jpg",
        media.FrameImageApi.as_view(),
    ),
    path("episodes/<int:episode_id>/media/<str:sha256>/", media.MediaApi.as_view(), name="api-media"),
    path("projects/<int:project_id>/queue/next/", annotation.QueueNextApi.as_view()),
    path("projects/<int:project_id>/annotations/", annotation.AnnotationsApi.as_view()),
    path("episodes/<int:episode_id>/claim/", annotation.ClaimApi.as_view()),
    path("episodes/<int:episode_id>/lease/", annotation.LeaseApi.as_view()),
    path("annotations/<int:annotation_id>/", annotation.AnnotationApi.as_view()),
    path("annotations/<int:annotation_id>/operations/", annotation.OperationsApi.as_view()),
    path("annotations/<int:annotation_id>/submit/", annotation.SubmitApi.as_view()),
    path(
        "annotations/<int:annotation_id>/events/<str:event>/<str:side>/drawn.jpg",
        annotation.DrawnKeyframeApi.as_view(),
        name="api-drawn-keyframe",
    ),
    path("annotations/<int:annotation_id>/drafts/", drafting.DraftsApi.as_view()),
    path("projects/<int:project_id>/runs/", rollouts.RunsApi.as_view()),
    path("rollouts/<int:rollout_id>/", rollouts.RolloutApi.as_view()),
    path("projects/<int:project_id>/rollouts/<uuid:key>/", rollouts.RolloutByKeyApi.as_view()),
    path("projects/<int:project_id>/rollouts/uploads/", tus.UploadsApi.as_view()),
    path(
        "projects/<int:project_id>/rollouts/uploads/<uuid:tus_id>/",
        tus.UploadApi.as_view(),
        name="api-rollout-upload",
    ),
    path("annotations/<int:annotation_id>/drafted-texts/", drafting.DraftedTextsApi.as_view()),
    path("annotations/<int:annotation_id>/proposals/", drafting.ProposalsApi.as_view()),
    path("annotations/<int:annotation_id>/decisions/", drafting.DecisionsApi.as_view()),
    path("drafts/<int:draft_id>/uses/", drafting.DraftUsesApi.as_view()),
    path("projects/<int:project_id>/drafting/", drafting.DraftingApi.as_view()),
    path("projects/<int:project_id>/review/", review.ReviewQueueApi.as_view()),
    path("annotations/<int:annotation_id>/review/", review.ReviewStartApi.as_view()),
    path("annotations/<int:annotation_id>/verdicts/", review.VerdictsApi.as_view()),
    path("projects/<int:project_id>/releases/", releases.ReleasesApi.as_view()),
    path("releases/<int:release_id>/", releases.ReleaseApi.as_view()),
    path(
        "releases/<int:release_id>/download/",
        releases.ReleaseDownloadApi.as_view(),
        name="api-release-download",
    ),
]

urlpatterns = [
    path("", annotation_pages.home, name="home"),
    path(
        "login/",
        LoginView.as_view(template_name="login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("preferences/", account_pages.choose, name="preferences"),
    path("projects/<slug:slug>/", episode_pages.project, name="project"),
    path("projects/<slug:slug>/next/", annotation_pages.take_next, name="annotate-next"),
    path("projects/<slug:slug>/review/", review_pages.queue, name="review-queue"),
    path("projects/<slug:slug>/releases/", release_pages.releases, name="releases"),
    path("projects/<slug:slug>/runs/", rollout_pages.runs, name="runs"),
    path("projects/<slug:slug>/live/", rollout_pages.live, name="live"),
    path("rollouts/<int:rollout_id>/", rollout_pages.rollout, name="rollout"),
    path("projects/<slug:slug>/drafting/", drafting_pages.drafting, name="drafting"),
    path("projects/<slug:slug>/subtasks/", plan_pages.subtasks, name="subtasks"),
    path("annotate/<int:annotation_id>/", annotation_pages.annotate, name="annotate"),
    path("review/<int:annotation_id>/", review_pages.review, name="review"),
    path("review/<int:annotation_id>/begin/", review_pages.begin, name="review-begin"),
    path("api/v1/", include(api_v1)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("healthz", healthz, name="healthz"),
]
