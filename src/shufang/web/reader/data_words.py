"""What tables and columns are called for readers, in the file with all that is held about one of them."""

TABLES = {
    "patrons.patron": ("你的记录", "Your record"),
    "patrons.card": ("你的卡", "Your cards"),
    "patrons.guardianship": ("监护关系", "Who answers for whom"),
    "patrons.block": ("停用记录", "Blocks"),
    "patrons.historyconsent": ("保留借阅历史的同意", "Consents to keep a history"),
    "patrons.patronsession": ("登录的设备", "Devices signed in"),
    "patrons.phonecard": ("手机上的卡", "Cards on phones"),
    "patrons.onetimecode": ("寄出的验证码", "Codes sent"),
    "circulation.loan": ("手边的书", "What you have out"),
    "circulation.hold": ("预约", "Reservations"),
    "circulation.transit": ("为你运送的书", "Items on their way for you"),
    "circulation.history": ("借阅历史", "Borrowing history"),
    "circulation.lastpatron": ("破损追溯期内的书", "Items you had last, kept for claims of damage"),
    "circulation.readermonth": ("哪个月在哪一馆借过书", "Months and branches in which you borrowed"),
    "circulation.conflict": ("机器报上来待核对的事", "Reports of machines that staff must settle"),
    "lists.booklist": ("书单", "Lists"),
    "lists.listentry": ("书单里的书", "Books in your lists"),
    "money.charge": ("欠款", "Charges"),
    "money.settlement": ("欠款的结清", "How charges were settled"),
    "money.payment": ("缴费", "Payments"),
    "money.onlinepayment": ("网上付款", "Payments online"),
    "money.deposit": ("押金", "Deposits"),
    "money.refunddue": ("要退给你的钱", "Money owed back to you"),
    "notices.notice": ("通知", "Notices"),
    "notices.channeloff": ("不想收通知的方式", "Channels you switched off"),
    "registration.application": ("在机器上办卡", "Getting a card at a machine"),
    "registration.termsagreed": ("同意过的条款", "Terms agreed to"),
    "registration.citycard": ("市卡中心的卡", "The card at the city's card centre"),
    "registration.cityperson": ("在市卡中心的登记", "Known to the city's card centre"),
    "registration.cityconflict": ("和市卡中心不一致的事", "What the card centre says otherwise"),
    "registration.errand": ("要告诉市卡中心的事", "What the card centre is to be told"),
    "branches.storedreply": ("机器的答复，十分钟后抹去", "Replies to machines, erased after ten minutes"),
    "audit.entry": ("谁看过、改过", "Who looked at it or changed it"),
}
"""Chinese and English by the label of the table."""

FIELDS = {
    "action": "做了什么", "added_at": "加入时间", "address": "地址", "agreed_at": "同意时间", "amount": "金额",
    "answered_at": "答复时间", "asked_at": "询问时间", "at": "时间", "barcode": "条码", "began_at": "开始时间",
    "birth_date": "出生日期", "borrowed_at": "借出时间", "branch": "馆点", "browser": "浏览器", "by_guardian": "监护人代为",
    "calendar_branch": "借出的馆点", "card": "卡", "card_kind": "卡种", "card_number": "卡号", "card_retained": "卡被留下",
    "channel": "方式", "charge": "欠款", "closed_at": "注销时间", "code": "代码", "connection": "连接",
    "created_at": "建立时间", "deposit": "押金", "destination": "到哪里", "device": "设备", "document": "证件",
    "due_at": "应还时间", "email": "邮箱", "ended_at": "结束时间", "errand": "事项", "error": "错误",
    "expires_on": "有效期至", "failures": "失败次数", "given_at": "同意时间", "group": "类别", "guardian": "监护人",
    "guardian_document": "监护人的证件", "had_second_chance": "已补排一次", "happened_at": "发生时间", "hold": "预约",
    "home_branch": "常去的馆", "id": "编号", "identity_kind": "证件种类", "identity_mask": "证件号（遮去中间）",
    "is_done": "已办完", "is_of_another": "属于别的馆", "is_own_device": "自己的设备", "is_suspended": "暂停中",
    "issued_at": "发卡时间", "issued_branch": "发卡的馆点", "item": "册", "keeps_history": "保留借阅历史", "kept": "抵扣",
    "key": "编码", "kind": "种类", "language": "语言", "left_at": "离开时间", "library": "图书馆", "lifted_at": "解除时间",
    "list": "书单", "loan_id": "借阅编号", "made_at": "记下时间", "marker": "标记", "method": "方式", "minor": "孩子",
    "month": "月份", "name": "名称", "next_try_at": "下次再试", "not_needed_after": "到哪天为止", "note": "备注",
    "notes": "备注", "number": "卡号", "occasion": "缘由", "offer": "选的卡种", "origin": "从哪里", "paid_at": "缴纳时间",
    "patron": "读者", "payment": "缴费", "phone": "电话", "pickup_branch": "取书的馆点", "pickup_until": "留到",
    "pin_must_change": "要先改密码", "pin_version": "第几个密码", "placed_at": "时间", "placed_by_device": "由哪台设备",
    "policy": "借阅规则", "printed_at": "印卡时间", "provider": "支付平台", "provider_reference": "平台单号",
    "purpose": "用途", "queued_at": "排队时间", "ready_at": "到架时间", "reason": "原因", "received_at": "收到时间",
    "reference": "单号", "refund": "退款", "refunded_at": "退还时间", "relation": "关系", "renewals": "续借次数",
    "renewed_at": "续借时间", "replaces": "换自", "returned_at": "还回时间", "returned_branch": "还回的馆点",
    "revision": "第几次变动", "scope": "来源", "seen_at": "最近一次", "sent_at": "寄出时间", "sequence": "序号",
    "session": "登录", "settled": "已结清", "settled_at": "结清时间", "started_at": "开始时间", "state": "状态",
    "status": "状态", "status_since": "状态起于", "subject": "关于", "subject_id": "关于的编号", "subject_kind": "关于",
    "surplus_of": "多付的一笔", "suspended_until": "暂停到", "template": "哪种通知", "terms": "条款", "title": "书目",
    "told": "对方说的", "touched_at": "最近操作", "tries": "试过几次", "until": "留到", "user_name": "谁", "values": "内容",
    "verb": "办什么", "volume": "卷册", "wanted_item": "指定的册", "wants_print": "要实体卡", "withdrawn_at": "撤回时间",
}  # fmt: skip
"""Chinese by the name of the column; English says the name itself."""


def table_name(label: str, language: str) -> str:
    """Return what a table is called; its label where nobody has named it."""
    chinese, english = TABLES.get(label, (label, label))
    return english if language == "en" else chinese


def field_name(name: str, language: str) -> str:
    """Return what a column is called."""
    plain = name.replace("_", " ")
    return plain if language == "en" else FIELDS.get(name, plain)
