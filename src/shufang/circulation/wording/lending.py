"""What is said about lending, returning, renewing and the state of a book."""

from shufang.circulation.wording import Wording, words

_ASK = "Ask at the desk."

LENDING: Wording = {
    "item_unknown": words(
        "没认出这本书。把它挪开，再放一次。", "We could not read this book. Lift it and lay it down again."
    ),
    "item_not_for_loan": words("这本只在馆内看，不外借", "This one is read here and not lent out"),
    "item_withdrawn": words("这本已经下架，不外借。放到柜台就好。", "This book was withdrawn. Leave it at the desk."),
    "item_is_withdrawn": words("这本早已下架", "This item was withdrawn before"),
    "item_not_withdrawn": words("这本没有下架", "This item is not withdrawn"),
    "item_is_held": words(
        "有读者预约了这一册。先取消预约，再下架。", "A reader has reserved this very copy. End the hold first."
    ),
    "item_missing": words(
        "这本正在找，先借不了。交给柜台，帮我们找到它。", "We have been looking for this book. Hand it in at the desk."
    ),
    "item_damaged": words("这本要修，先借不了。放到柜台就好。", "This book needs mending. Leave it at the desk."),
    "item_in_process": words(
        "这本还在加工，先借不了。放到柜台就好。", "This book is not ready yet. Leave it at the desk."
    ),
    "item_on_order": words("这本还没到馆", "This book has not arrived yet"),
    "item_on_loan": words("这本还记在别人名下。先还，再放上来。", "This book is still on loan. Return it first."),
    "item_lost": words("这本记成丢了。先还一下。", "This book counts as lost. Return it first."),
    "held_for_another": words(
        "别的读者预约在前。请把它放到左手边的预约架。",
        "Another reader has reserved it. Please put it on the hold shelf to your left.",
    ),
    "on_loan_to_another": words(
        "这本记在别的读者名下。先替他还，再借。",
        "This book is on loan to another reader. Return it first, then borrow it.",
    ),
    "already_on_loan": words(
        ("这本已经在你手里，{due_at}前还", "这本已经在你手里"),
        ("You have this book already. Return by {due_at}", "You have this book already"),
    ),
    "too_young": words(
        ("这本要满{least_age}岁才能借", "年龄不到，这本借不了"),
        ("This one is for readers from {least_age}", "You are too young for this one"),
    ),
    "limit_reached": words(
        ("手边已有{count}本。还一本，就能再借一本。", "手边的书到数了。还一本，就能再借一本。"),
        (
            "You have {count} books out. Return one to borrow another.",
            "You have as many books as you may. Return one to borrow another.",
        ),
    ),
    "group_limit_reached": words(
        ("{group}最多借{limit}本。还一本，就能再借一本。", "这一类到数了。还一本，就能再借一本。"),
        (
            "{group_en}: {limit} at most. Return one to borrow another.",
            "You have as many of this kind as you may. Return one to borrow another.",
        ),
    ),
    "overdue_item_out": words(
        "手边有书过期了。还了它，就能再借。", "A book of yours is overdue. Return it to borrow again."
    ),
    "not_lent_here": words(
        "这本是别馆的，这里借不了。放到柜台就好。",
        "This book belongs to another library and is not lent here. Leave it at the desk.",
    ),
    "no_policy": words(
        "这本书这张卡借不了。到柜台问一下。", f"There is no rule to lend this book on this card. {_ASK}"
    ),
    "renewals_used_up": words(
        ("续过了，不能再续。{due_at}前还。", "续过了，不能再续"),
        ("It was renewed already. Return by {due_at}.", "It cannot be renewed again"),
    ),
    "hold_waiting": words(
        "有读者在等这本，不能续。按时还就好。", "Another reader is waiting for it. Return it in time."
    ),
    "overdue_not_renewable": words("已经过期，不能续。先还回来。", "It is overdue and cannot be renewed. Return it."),
    "loan_lost": words(
        "这本记成丢了，不能续。找到就还回来。", "It counts as lost and cannot be renewed. Return it when you find it."
    ),
    "loan_claimed": words("你说过这本已经还了，我们还在找", "You told us that it is returned. We are looking for it"),
    "not_on_loan": words("这本没有借出", "This book is not on loan to you"),
    "already_lost": words("这本已经记成丢了", "It counts as lost already"),
    "not_lost": words("这本没有记成丢了", "It does not count as lost"),
    "already_claimed": words("这本已经记成“说还了”", "The claim is taken down already"),
    "already_there": words("这本已经在那里了", "It is there already"),
    "return_not_accepted": words(
        "这本是别馆的，这里还不了。带到原来的馆还。", "This book belongs to another library. Return it there."
    ),
    "return_in_the_future": words("还书的日子还没到。改一下日期。", "The day of return lies ahead. Correct it."),
    "return_before_loan": words(
        ("这本{borrowed_at}才借出。改一下日期。", "还书的日子在借出之前。改一下日期。"),
        ("It was lent on {borrowed_at}. Correct the day of return.", "It was lent later. Correct the day of return."),
    ),
    "clock_behind": words(
        "机器的钟慢了，先不能借。还书照常。叫人来看一下。",
        "The clock of this machine is behind. Returning works; lending must wait.",
    ),
    "clock_is_right": words("钟没有慢，不用改", "Nothing lies ahead of the clock. Nothing was changed."),
    "moved_since": words(
        "这本书后来又有动静，这条没有改动记录", "The book has moved since; this report changed nothing"
    ),
    "entry_unreadable": words(
        "自助机断线时记的一条读不出来。到机器前看看是哪本书。",
        "An entry that a kiosk made offline cannot be read. Look which book it was about.",
    ),
    "cancel_too_late": words("来不及撤销了。到柜台办。", f"It is too late to undo this. {_ASK}"),
    "nothing_to_cancel": words("没有可以撤销的", "There is nothing to undo"),
    "title_unknown": words("没有这种书", "There is no such title"),
    "branch_unknown": words("没有这个馆点", "There is no such branch"),
    "library_unknown": words("没有这个图书馆", "There is no such library"),
    "last_patron_unknown": words("没有留下上一位读者的记录", "The last reader is not kept"),
    "reason_missing": words("写一下原因", "Give a reason"),
    "properties_missing": words("没有写要记什么", "Nothing was said about the book"),
    "properties_too_long": words("写得太长。短一点。", "That is too long. Shorten it."),
    "not_logged_in": words(
        "这台机器还没登录，先用不了。叫人来看一下。", "This machine is not logged in. Ask for help."
    ),
    "not_now": words("现在办不了。过一会儿再试。", "Not now. Try again in a while."),
    "busy": words("这本正有人在办。过一会儿再试。", "Somebody else is at it. Try again in a moment."),
    "failed": words("没办成，什么也没改。再试一次。", "It did not work and nothing was changed. Try again."),
}

HOLDS: Wording = {
    "hold_exists": words("这本已经预约过了", "You have reserved it already"),
    "hold_not_allowed": words("这本不能预约", "This one cannot be reserved"),
    "hold_limit_reached": words(
        ("最多预约{limit}本。取消一本，就能再约。", "预约到数了。取消一本，就能再约。"),
        (
            "{limit} reservations at most. Cancel one to make another.",
            "You have as many reservations as you may. Cancel one to make another.",
        ),
    ),
    "hold_unknown": words("没有这条预约", "There is no such reservation"),
    "hold_not_waiting": words(
        "书已经在路上或到架了，改不了。可以取消。", "A book is on its way or ready; this can only be cancelled."
    ),
    "hold_not_suspended": words("这条预约没有暂停", "This reservation is not suspended"),
    "hold_mode_unknown": words("预约不能这样改", "This cannot be done with a reservation"),
    "pickup_not_here": words("那里不能取书。换一个馆点。", "Books cannot be picked up there. Choose another branch."),
    "date_in_the_past": words("日子已经过了。换一天。", "That day has passed. Choose another."),
}

OUTCOMES: Wording = {
    "checked_out": words(("借好了，{due_at}前还",), ("Borrowed. Return by {due_at}",)),
    "renewed": words(("续好了，{due_at}前还",), ("Renewed. Return by {due_at}",)),
    "all_renewed": words(
        ("续好了{renewed}本，{unrenewed}本没续上", "续好了"), ("{renewed} renewed, {unrenewed} not", "Renewed")
    ),
    "returned": words("还好了", "Returned"),
    "returned_overdue": words(("还好了。过期费{charge}元。",), ("Returned. It was overdue: {charge} yuan.",)),
    "returned_no_loan": words("收下了。这本没有借出。", "Taken. It was not on loan."),
    "returned_held_here": words(
        "还好了。有读者在等，放到预约架。", "Returned. A reader is waiting: put it on the hold shelf."
    ),
    "returned_held_elsewhere": words(
        ("还好了。{branch}有读者在等，放到待运箱。",),
        ("Returned. A reader waits at {branch}: put it in the transit box.",),
    ),
    "returned_other_branch": words(
        ("还好了。它要回{branch}，放到待运箱。",), ("Returned. It belongs to {branch}: put it in the transit box.",)
    ),
    "returned_look": words("收下了。放到柜台，让馆员看看。", "Taken. Leave it at the desk for staff to look at."),
    "checkout_cancelled": words("没借成，记录撤销了", "The loan was undone"),
    "checkin_cancelled": words(("没还成，还记在你名下，{due_at}前还",), ("The return was undone. Return by {due_at}",)),
    "hold_placed": words(
        ("约上了，排第{position}", "约上了"), ("Reserved, number {position} in the queue", "Reserved")
    ),
    "hold_cancelled": words("预约取消了", "The reservation is cancelled"),
    "hold_ready": words(
        ("替你留到{pickup_until}晚上，在预约架{shelf}", "替你留到{pickup_until}晚上，在预约架"),
        (
            "Held for you on shelf {shelf} until the evening of {pickup_until}",
            "Held for you on the hold shelf until the evening of {pickup_until}",
        ),
    ),
    "paid": words(
        ("收到{amount}元，还欠{left}元", "收到了"), ("{amount} yuan received, {left} still owed", "Received")
    ),
}
