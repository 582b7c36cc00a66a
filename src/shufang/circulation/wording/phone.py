"""What is said about the card on the phone and about borrowing with the phone."""

from shufang.circulation.wording import Wording, words

PHONE: Wording = {
    "phone_code_unknown": words(
        "没认出这个码。打开手机上的一卡通，再扫一次。",
        "We do not know this code. Open the card on your phone and scan again.",
    ),
    "phone_code_ended": words(
        "这部手机已经退出登录。重新登录，再出示一卡通。",
        "This phone is signed out. Sign in again and show the card.",
    ),
    "phone_code_old": words(
        "这个码过了时间。扫手机上现在的码；还是不行，把手机时间设成自动。",
        "This code has run out. Scan the one on the phone now; if that fails too, let the phone set its time by itself.",
    ),
    "phone_clock_ahead": words(
        (
            "手机的时间快了{minutes}分钟。把手机时间设成自动，再扫一次。",
            "手机的时间快了。把手机时间设成自动，再扫一次。",
        ),
        (
            "The phone's clock is {minutes} min ahead. Let the phone set its time by itself and scan again.",
            "The phone's clock is ahead. Let the phone set its time by itself and scan again.",
        ),
    ),
    "phone_code_used": words(
        "这个码刚用过。等手机换出新码，再扫一次。",
        "This code was used a moment ago. Wait for the next one and scan again.",
    ),
    "presence_unknown": words(
        "没认出这个码。扫自助机屏幕上的码，或者输入它下面的八位数字。",
        "We do not know this code. Scan the one on the kiosk's screen or type the eight digits under it.",
    ),
    "presence_old": words(
        "这个码过了时间。扫自助机屏幕上现在的码。", "This code has run out. Scan the one on the kiosk's screen now."
    ),
    "presence_used": words(
        "这个码你已经用过。等自助机换出新码，再扫一次。",
        "You have used this code before. Wait for the kiosk's next one and scan again.",
    ),
    "presence_over": words(
        "到馆的证明只管十分钟。再扫一次自助机上的码，就能接着借。",
        "Being here counts for ten minutes. Scan the kiosk's code once more to go on borrowing.",
    ),
    "presence_elsewhere": words(
        "到馆的码是另一次登录时扫的。在这里再扫一次。",
        "The kiosk's code was scanned in another sign-in. Scan it once more here.",
    ),
    "presence_missing": words("先扫自助机屏幕上的码，再借书", "Scan the code on the kiosk's screen first"),
    "presence_too_many": words(
        "试得太多了，等一刻钟再来。自助机上照样能借。",
        "Too many tries. Wait a quarter of an hour; the kiosk lends as ever.",
    ),
    "phone_lending_off": words("这里不能用手机借书。到自助机上借。", "Phones do not lend here. Use the kiosk."),
}
