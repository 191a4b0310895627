"""What was typed → what was meant, with the real vocabulary."""

import os
import subprocess
import sys
import time
from datetime import date

import pytest

from assistant.decoding import Decoder, Stretch
from assistant.english import English, stem
from assistant.library import Library
from assistant.models import Question
from assistant.sounds import blurred, is_pinyin, syllables_of
from assistant.typing_repair import TypingRepair, reads_otherwise
from assistant.vocabulary import Vocabulary
from index.edition import SHIPPED, read_edition
from index.lexicon.places import Gazetteer
from index.provision import Audience

COVERED = ("常州市", "成都市", "上海市静安区", "上海市", "湛江经济技术开发区")


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(document.text for document in read_edition(SHIPPED))


@pytest.fixture(scope="module")
def repair(vocabulary):
    made = TypingRepair(vocabulary, Gazetteer.load())
    return lambda text: made.repair(text, COVERED)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("changzhou jiemian duojiu buneng tiba", "常州市诫勉多久不能提拔"),
        ("chang zhou jiang zhi chu li duo jiu bu de ti ba", "常州市降职处理多久不得提拔"),
        ("chengdu shiwei shuji meinian ting jici huibao", "成都市市委书记每年听几次汇报"),
        ("changzhou shi wei shu ji de zhi ze", "常州市委书记的职责"),
        ("常州 tiba 之前要看什么", "常州提拔之前要看什么"),
        ("分管安全的fushizhang一年ji次", "分管安全的副市长一年几次"),
        ("anweihui zuren si sui", "安委会主任是谁"),  # zh as z, sh as s
        ("qiye 双报告 xiang shui baogao", "企业双报告向谁报告"),  # not 响水县
        ("chufen bu yiyang zenme ban", "处分不一样怎么办"),  # not 益阳市
    ],
)
def test_pinyin_is_read(repair, typed, meant):
    assert repair(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("常州分官农业的副市长安全上管什么", "常州分管农业的副市长安全上管什么"),
        ("谎报事固的领导怎么处分", "谎报事故的领导怎么处分"),
        ("副局长被界勉后还能提把吗", "副局长被诫勉后还能提拔吗"),
        ("干部多久不能提拨", "干部多久不能提拔"),  # looks alike
        ("成都宣传部们的职责", "成都宣传部门的职责"),
        ("镇长的职责有那些", "镇长的职责有哪些"),
    ],
)
def test_slips_are_mended(repair, typed, meant):
    assert repair(typed) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("When does Changzhou punish more heavily?", "常州市 从重追究 什么情况下"),
        ("who chairs the safety committee in Chengdu", "安委会主任 谁"),
        ("hidden dangers must be inspected how many times a year", "事故隐患 检查 每年几次"),
        ("Is the Zhanjiang draft in force?", "草案 生效 吗"),
        ("what does article 30 of the Changzhou measures say", "第30条 写了什么"),
        ("Changzhou Article 30", "常州市 第30条"),
        ("duties of the deputy mayor who is in charge of work safety", "政府分管安全生产负责人"),
        ("on what grounds is an official held to account", "情形 问责"),
    ],
)
def test_english_is_read(repair, typed, words):
    assert set(words.split()) <= set(repair(typed.lower()).split())


@pytest.mark.parametrize(
    "text",
    [
        "常办〔2018〕30号第三十条第（二）项",
        "第三十五条呢",
        "“安权职责”是什么意思",
        "湛江开发区的镇党委,多久要开一次党委会听安全生产汇报?",
        "按常州的办法几个月后能复职?",
        "成都 综治考核 安全一票否决 哪位常委督促",
        "常州签发这个办法的那位领导是谁",
        "上海跟湛江开发区各是怎么定的",
        "王卫东局长的手机号是多少",
        "安监部张工问成都的清单在哪",
        "EHS 经理要不要持证",
        "每年要向市政府报告什么时同时报告责任制情况",
        "常州 APP 可以举报吗",
        "zhang@example.com 是谁的邮箱",
        "?",
    ],
)
def test_what_is_right_stays(repair, text):
    assert repair(text) == text


#: What people ask every day, typed right: of life, of work safety, of what no regulation here says.
ORDINARY = [
    "常州诫勉期间工资怎么发",
    "工资怎么发",
    "年终奖怎么发",
    "怎么发通知",
    "出差补贴怎么发",
    "证书怎么补办",
    "社保怎么交",
    "工伤怎么认定",
    "房租怎么交",
    "退休金怎么领",
    "水管漏水找谁修",
    "今天中午吃什么",
    "手机没电了怎么办",
    "宽带坏了打什么电话",
    "请假怎么告诉老板",
    "行李怎么搬",
    "菜怎么插秧",
    "钱怎么取",
    "猪怎么养",
    "怎么帮助困难职工",
    "谁来关阀门",
    "谁来顶班",
    "后头怎么盯",
    "建什么数据库",
    "要先招谁",
    "失业金一个月发多少",
    "要不要保险",
    "停电多久停一次",
    "老板拖欠工资怎么办",
    "试用期可以不签合同吗",
    "工地没有安全帽怎么办",
    "灭火器怎么用",
    "动火作业票谁签字",
    "电梯被困找谁",
    "把人困在轿厢里算事故吗",
    "叉车没有证能开吗",
    "烟花爆竹怎么存放",
    "出租屋的消防谁来查",
    "新工人上岗前要培训吗",
    "停产整顿期间能开工吗",
    "举报有奖励吗",
    "有限空间作业要先检测吗",
    "脚手架谁来验收",
    "劳保用品谁来发",
    "安全员需要什么证",
    "事故调查组谁牵头",
    "外包队伍出了事谁担责",
    "易制毒化学品分几类",
    "索赔时效多长",
    "监理工程师停止执业多久",
    "联席会议办公室设在哪儿",
    "没批准在采区乱施工罚多少",
    "检察院可以提起公益诉讼吗",
    "检察工作归谁管",
    "出了事故要不要挨板子",
    "什么情况失业金会停发",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_question_stays(repair, text):
    assert repair(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("领导会怎么处里", "领导会怎么处理"),
        ("由谁来但任", "由谁来担任"),
        ("干部瞒抱事故要叛几年", "干部瞒报事故要判几年"),
        ("企业谎报要罚宽多少", "企业谎报要罚款多少"),
        ("领导下去检察安全多久一次", "领导下去检查安全多久一次"),
    ],
)
def test_a_slip_beside_an_asking_word_is_mended(repair, typed, meant):
    assert repair(typed) == meant


def test_sentences_of_the_edition_stay(repair):
    lines = [line for d in read_edition(SHIPPED) for line in d.text.splitlines() if line.strip()]
    changed = [(line, repair(line)) for line in lines[::9] if repair(line) != line]
    assert not changed


@pytest.mark.parametrize(
    "typed",
    [
        "cangzhou jiemian dojiu",
        "fenguan anquan de lingdao you shui jianren",
        "职泽有那些",
        "when does changzhou punish more heavily",
        "which department can summon leaders for a chat",
    ],
)
def test_what_was_repaired_stays(repair, typed):
    once = repair(typed)
    assert once != typed
    assert repair(once) == once


def test_a_question_is_read_at_once(repair):
    question = "成都安全踪合协调这摊子由谁来但任" * 2
    repair(question)
    start = time.perf_counter()
    for _ in range(20):
        repair(question)
    assert (time.perf_counter() - start) / 20 < 0.05


def test_the_query_says_what_was_read(assistant):
    library = Library(assistant.index, Audience.INTERNAL, date(2025, 1, 1))
    read = assistant.understanding.read
    assert read(Question(question="changzhou jiemian"), library).read_as == "常州市诫勉"
    assert read(Question(question="常州诫勉多久不得提拔"), library).read_as == ""


@pytest.mark.parametrize(
    "question",
    [
        "常州責任追究決定不服怎麼辦",
        "常州 誡勉 多久 不得提拔?",
        "常州诫勉，多久不得提拔！！",
        "安委會主任做甚麼",
        "ＥＨＳ 经理要不要持证",
    ],
)
def test_nothing_is_said_of_script_blanks_and_marks(assistant, question):
    library = Library(assistant.index, Audience.INTERNAL, date(2025, 1, 1))
    assert assistant.understanding.read(Question(question=question), library).read_as == ""


@pytest.mark.parametrize(
    ("typed", "read", "differs"),
    [
        ("誡勉 多久?", "诫勉多久？", False),
        ("Jiemian 诫勉", "jiemian诫勉", False),
        ("要做甚么", "要做什么", False),
        ("戒勉多久", "诫勉多久", True),
        ("changzhou 诫勉", "常州市 诫勉", True),
    ],
)
def test_what_counts_as_read_otherwise(typed, read, differs):
    assert reads_otherwise(typed, read) is differs


def test_sounds():
    assert is_pinyin("anquan")
    assert not is_pinyin("safety")
    assert blurred("zheng") == blurred("zen")
    assert syllables_of("银行行长") == ("yin", "hang", "hang", "zhang")
    assert syllables_of("3号") == ()


def test_english_forms_share_a_stem():
    assert len({stem(word) for word in ("punish", "punished", "punishes", "punishing")}) == 1
    assert English.load().knows("inspections")
    assert not English.load().knows("zeren")


def test_a_stretch_without_words_is_kept(vocabulary):
    pieces = Decoder(vocabulary, {}).read(Stretch("zzz"))
    assert "".join(piece.word for piece in pieces) == "zzz"


def test_what_sounds_alike_is_read_alike_every_time():
    """Python orders a set anew in each process; which of two likely readings is taken must not
    hang on that."""
    check = (
        "from assistant.vocabulary import Vocabulary;"
        "found = Vocabulary(['党政领导干部安全生产责任制']).singles;"
        "print({sound: ''.join(w.text for w in words) for sound, words in sorted(found.items())})"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", check],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
