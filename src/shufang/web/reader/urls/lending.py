"""What a reader has out, reserved, owes, has read and wants to read."""

from django.urls import path

from shufang.web.payments import call_back
from shufang.web.reader import charges, history, holds, lists, loans, scan
from shufang.web.simulators.payment import simulated_payment

urlpatterns = [
    path("me/loans/", loans.loans, name="my_loans"),
    path("me/loans/renew-all/", loans.renew_all_loans, name="renew_all"),
    path("me/loans/<int:loan_id>/renew/", loans.renew_loan, name="renew_loan"),
    path("titles/<int:title_id>/reserve/", holds.reserve, name="reserve"),
    path("me/reservations/", holds.holds, name="my_holds"),
    path("me/reservations/<int:hold_id>/cancel/", holds.cancel, name="cancel_hold"),
    path("me/reservations/<int:hold_id>/pause/", holds.pause, name="pause_hold"),
    path("me/reservations/<int:hold_id>/resume/", holds.resume, name="resume_hold"),
    path("me/reservations/<int:hold_id>/branch/", holds.move, name="move_hold"),
    path("me/charges/", charges.charges, name="my_charges"),
    path("me/charges/pay/", charges.pay_charges, name="pay_charges"),
    path("me/payments/<str:reference>/", charges.payment, name="my_payment"),
    path("me/receipts/<int:payment_id>/", charges.receipt, name="my_receipt"),
    path("me/history/", history.history, name="my_history"),
    path("me/history/keep/", history.keep, name="keep_history"),
    path("me/history/stop/", history.stop, name="my_history_stop"),
    path("me/history/erase/", history.erase, name="erase_history"),
    path("me/history.csv", history.as_csv, name="history_csv"),
    path("me/history.json", history.as_json, name="history_json"),
    path("me/lists/", lists.lists, name="my_lists"),
    path("me/lists/new/", lists.new_list, name="new_list"),
    path("me/lists/<int:list_id>/", lists.one_list, name="my_list"),
    path("me/lists/<int:list_id>/rename/", lists.rename, name="rename_list"),
    path("me/lists/<int:list_id>/share/", lists.share, name="share_list"),
    path("me/lists/<int:list_id>/delete/", lists.delete, name="delete_list"),
    path("me/lists/<int:list_id>/titles/<int:title_id>/out/", lists.take_out, name="take_out"),
    path("titles/<int:title_id>/want/", lists.want, name="want"),
    path("titles/<int:title_id>/lists/", lists.put_in, name="put_in_list"),
    path("lists/<str:share_key>/", lists.shared_list, name="shared_list"),
    path("scan/", scan.scan, name="scan"),
    path("scan/found/", scan.found, name="scan_found"),
    path("payments/<str:provider>/call-back/", call_back, name="payment_call_back"),
    path("simulators/payment/", simulated_payment, name="simulated_payment"),
]
