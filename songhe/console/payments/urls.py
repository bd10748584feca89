from django.urls import path

from songhe.console.payments import (
    bank,
    batches,
    bounced,
    deeds,
    funds,
    payees,
    proof,
    recoveries,
    runs,
    sources,
    ways,
)
from songhe.console.people import payments

urlpatterns = [
    path("payments/batches/", batches.batch_list, name="batches"),
    path("payments/batches/<int:batch_id>/", batches.batch_page, name="batch"),
    path("payments/batches/<int:batch_id>/<slug:step>/", ways.batch_step, name="batch-step"),
    path("payments/answers/<int:batch_id>/", bank.answers, name="batch-answers"),
    path("payments/discrepancies/<int:discrepancy_id>/", ways.explain_discrepancy, name="discrepancy"),
    path("payments/lines/<int:line_id>/account/", batches.show_account, name="line-account"),
    path("payments/bounced/", bounced.bounced_list, name="bounced"),
    path("payments/new/<slug:thing>/", ways.new_thing, name="payment-new"),
    path("payments/runs/", runs.run_list, name="admissions"),
    path("payments/runs/<uuid:admission_id>/", runs.run_page, name="admission"),
    path("payments/funds/", funds.fund_list, name="funds"),
    path("payments/funds/<int:fund_id>/", funds.fund_page, name="fund"),
    path("payments/funds/<int:fund_id>/<slug:deed>/", deeds.fund_deed, name="fund-deed"),
    path("payments/entries/<int:entry_id>/", funds.entry_page, name="entry"),
    path("payments/sources/", sources.source_list, name="sources"),
    path("payments/sources/<int:funding_id>/<slug:verdict>/", sources.source_step, name="source-step"),
    path("payments/recoveries/", recoveries.recovery_list, name="recoveries"),
    path("payments/recoveries/<int:claim_id>/", recoveries.recovery_page, name="recovery"),
    path("payments/recoveries/<int:claim_id>/<slug:settlement>/", recoveries.recovery_step, name="recovery-step"),
    path("payments/payees/", payees.payee_list, name="payees"),
    path("payments/payees/<int:payee_id>/<slug:change>/", payees.payee_step, name="payee-step"),
    path("people/<uuid:person>/payments/", payments.payments, name="person-payments"),
    path("people/<uuid:person>/payments/payee/", payees.new_payee, name="payee-new"),
    path("payments/proof/", proof.proof, name="proof"),
]
