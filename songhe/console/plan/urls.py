from django.urls import path

from songhe.console.plan import acting, board, export, mine, row, seats

_ROW = "plan/tasks/<slug:package_id>/<str:task_id>/<int:plan_place>/"
_REPORT = "plan/reports/<uuid:plan_report>/"

urlpatterns = [
    path("plan/tasks/", board.task_board, name="tasks"),
    path("plan/tasks.<slug:extension>", export.board_file, name="tasks-file"),
    path("plan/mine/", mine.my_tasks, name="my-tasks"),
    path("plan/seats/", seats.seat_list, name="plan-seats"),
    path("plan/seats/new/", seats.new_seat, name="new-plan-seat"),
    path("plan/seats/<int:plan_seat>/end/", seats.close_seat, name="end-plan-seat"),
    path(_ROW, row.task_page, name="task"),
    path(f"{_ROW}report/", acting.new_report, name="report-task"),
    path(f"{_REPORT}evidence/", acting.new_evidence, name="new-plan-evidence"),
    path("plan/evidence/<uuid:plan_evidence>/", acting.evidence_file, name="plan-evidence"),
    path(f"{_REPORT}<slug:plan_act>/", acting.settle, name="settle-plan-report"),
]
