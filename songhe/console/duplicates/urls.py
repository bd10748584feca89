from django.urls import path

from songhe.console.duplicates import deciding, views

urlpatterns = [
    path("duplicates/", views.queue_page, name="duplicates"),
    path("duplicates/decided/", views.decided_page, name="decided-duplicates"),
    path("duplicates/<int:candidate_id>/", deciding.candidate_page, name="duplicate"),
    path("duplicates/<int:candidate_id>/reopen/", deciding.reopen_question, name="reopen-duplicate"),
]
