"""All addresses of the site: pages, the REST API, its schema, health."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from apps.accounts import api as accounts
from apps.accounts import pages as account_pages
from apps.annotation import api as annotation
from apps.annotation import pages as annotation_pages
from apps.annotation import queue_api as queue
from apps.core.health import healthz
from apps.drafting import api as drafting
from apps.drafting import pages as drafting_pages
from apps.drafting import plan_pages
from apps.episodes import api as episodes
from apps.episodes import media_api as media
from apps.episodes import pages as episode_pages
from apps.episodes import withdrawal_api as withdrawal
from apps.notifications import api as notifications
from apps.notifications import home as home_pages
from apps.notifications import pages as notification_pages
from apps.releases import api as releases
from apps.releases import pages as release_pages
from apps.review import api as review
from apps.review import disagreements_api as disagreements
from apps.review import opinions_api as opinions
from apps.review import pages as review_pages
from apps.review import statistics_api as statistics

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
    path("queue/next/", queue.QueueNextAnywhereApi.as_view()),
    path("projects/<int:project_id>/queue/next/", queue.QueueNextApi.as_view()),
    path("projects/<int:project_id>/queue/settings/", queue.QueueSettingsApi.as_view()),
    path("projects/<int:project_id>/flags/", queue.FlagsApi.as_view()),
    path("projects/<int:project_id>/gold/", queue.GoldsApi.as_view()),
    path("projects/<int:project_id>/predictions/", queue.PredictionsApi.as_view()),
    path("episodes/<int:episode_id>/withdrawal/", withdrawal.WithdrawalApi.as_view()),
    path("episodes/<int:episode_id>/skip/", queue.SkipApi.as_view()),
    path("episodes/<int:episode_id>/flags/", queue.EpisodeFlagsApi.as_view()),
    path("episodes/<int:episode_id>/queue/", queue.QueuePlaceApi.as_view()),
    path("flags/<int:flag_id>/", queue.FlagApi.as_view()),
    path("gold/<int:gold_id>/", queue.GoldApi.as_view()),
    path("annotations/<int:annotation_id>/reopen/", queue.ReopenApi.as_view()),
    path("annotations/<int:annotation_id>/time/", queue.TimeApi.as_view()),
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
    path("annotations/<int:annotation_id>/drafted-texts/", drafting.DraftedTextsApi.as_view()),
    path("annotations/<int:annotation_id>/proposals/", drafting.ProposalsApi.as_view()),
    path("annotations/<int:annotation_id>/decisions/", drafting.DecisionsApi.as_view()),
    path("drafts/<int:draft_id>/uses/", drafting.DraftUsesApi.as_view()),
    path("projects/<int:project_id>/drafting/", drafting.DraftingApi.as_view()),
    path("projects/<int:project_id>/review/", review.ReviewQueueApi.as_view()),
    path("annotations/<int:annotation_id>/review/", review.ReviewStartApi.as_view()),
    path("annotations/<int:annotation_id>/verdicts/", review.VerdictsApi.as_view()),
    path("notifications/", notifications.NotificationsApi.as_view()),
    path("notifications/read/", notifications.NotificationsReadApi.as_view()),
    path("notifications/digest/", notifications.DigestApi.as_view()),
    path("projects/<int:project_id>/review/approve/", review.ReviewBatchApi.as_view()),
    path("annotations/<int:annotation_id>/field-verdicts/", opinions.FieldVerdictsApi.as_view()),
    path("annotations/<int:annotation_id>/comments/", opinions.CommentsApi.as_view()),
    path("comments/<int:comment_id>/", opinions.CommentApi.as_view()),
    path("projects/<int:project_id>/disagreements/", disagreements.DisagreementsApi.as_view()),
    path("episodes/<int:episode_id>/comparison/", disagreements.ComparisonApi.as_view()),
    path("projects/<int:project_id>/audits/next/", review.AuditNextApi.as_view()),
    path("audits/<int:audit_id>/", review.AuditApi.as_view()),
    path("projects/<int:project_id>/statistics/", statistics.StatisticsApi.as_view()),
    path("projects/<int:project_id>/releases/", releases.ReleasesApi.as_view()),
    path("releases/<int:release_id>/", releases.ReleaseApi.as_view()),
    path(
        "releases/<int:release_id>/download/",
        releases.ReleaseDownloadApi.as_view(),
        name="api-release-download",
    ),
]

urlpatterns = [
    path("", home_pages.home, name="home"),
    path("next/", home_pages.take_next, name="next"),
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
    path("projects/<slug:slug>/drafting/", drafting_pages.drafting, name="drafting"),
    path("projects/<slug:slug>/subtasks/", plan_pages.subtasks, name="subtasks"),
    path("annotate/<int:annotation_id>/", annotation_pages.annotate, name="annotate"),
    path("review/<int:annotation_id>/", review_pages.review, name="review"),
    path("notifications/", notification_pages.notifications, name="notifications"),
    path("notifications/digest/", notification_pages.digest, name="digest"),
    path("api/v1/", include(api_v1)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("healthz", healthz, name="healthz"),
]
