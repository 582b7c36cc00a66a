"""What is said about readers' own lists and histories."""

from shufang.circulation.wording import Wording, words

LISTS: Wording = {
    "list_unknown": words("没有这个书单", "There is no such list"),
    "list_name_missing": words("书单还没有名字。写一个。", "The list has no name yet. Give it one."),
    "list_name_used": words("已经有一个同名的书单。换个名字。", "You have a list of this name. Choose another."),
    "lists_full": words(
        ("书单最多{limit}个。删一个，就能再建。", "书单到数了。删一个，就能再建。"),
        ("{limit} lists at most. Delete one to make another.", "You have as many lists as you may. Delete one first."),
    ),
    "list_full": words(
        ("一个书单最多{limit}本。拿掉一本，就能再放。", "这个书单满了。拿掉一本，就能再放。"),
        ("{limit} books at most. Take one out to put another in.", "This list is full. Take a book out first."),
    ),
}
