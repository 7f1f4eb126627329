"""Made-up people: names, valid but synthetic ID numbers, phones of a range nobody has."""

from dataclasses import dataclass
from datetime import date

from competition.demonstration.chance import number, pick
from competition.rules.grades import Grade
from competition.rules.identity import id_check_character

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = [
    "伟",
    "芳",
    "敏",
    "静",
    "磊",
    "强",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "涛",
    "明",
    "超",
    "兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "建国",
    "建华",
    "志强",
    "志明",
    "海燕",
    "海涛",
    "晓峰",
    "晓燕",
    "玉兰",
    "玉梅",
    "国强",
    "国栋",
    "文博",
    "文静",
    "子轩",
    "浩然",
    "宇航",
    "雨桐",
    "欣怡",
    "俊杰",
    "俊峰",
    "立新",
    "立军",
    "春生",
    "春梅",
    "秋菊",
    "冬梅",
    "永强",
    "永福",
    "德华",
    "德明",
    "家豪",
    "家兴",
    "振华",
    "振国",
    "光明",
    "光辉",
    "铁柱",
    "铁生",
    "大勇",
    "小刚",
    "小红",
    "红梅",
    "红军",
    "学文",
    "学军",
    "思源",
    "思远",
    "天宇",
    "天佑",
    "瑞雪",
    "瑞祥",
    "金龙",
    "金凤",
    "玉龙",
    "云飞",
    "云霞",
    "少华",
    "少杰",
    "成龙",
    "成功",
    "卫东",
    "卫国",
    "一鸣",
    "一帆",
    "若兰",
    "如意",
    "长江",
    "长青",
    "东升",
    "东海",
    "新民",
    "新宇",
    "慧敏",
    "慧玲",
    "丽华",
    "丽娟",
]
UNUSUAL = ("阿卜杜拉·买买提", "欧阳振华", "曾䶮", "单𬭊", "林㛃")
AREAS = ("320106", "320205", "320303", "320508", "610113", "420106", "510107", "210204")


@dataclass(frozen=True)
class Someone:
    """A made-up person."""

    name: str
    id_number: str
    phone: str
    grade: Grade
    since: date


def someone(serial: int) -> Someone:
    """The person with this number, always the same."""
    born = date(
        1970 + number("year", serial, below=32),
        1 + number("month", serial, below=12),
        1 + number("day", serial, below=28),
    )
    grades = (Grade.INTERMEDIATE, Grade.INTERMEDIATE, Grade.SENIOR, Grade.SENIOR, Grade.TECHNICIAN)
    return Someone(
        name=_name(serial),
        id_number=_id_number(serial, born),
        phone=f"1700000{serial:04}",
        grade=pick(grades, "grade", serial),
        since=date(max(born.year + 20, 2004), 7, 1),
    )


def _name(serial: int) -> str:
    if serial < len(UNUSUAL):
        return UNUSUAL[serial]
    surname = SURNAMES[serial * 7 % len(SURNAMES)]
    return surname + GIVEN[(serial * 13 + serial // len(SURNAMES)) % len(GIVEN)]


def _id_number(serial: int, born: date) -> str:
    first_17 = f"{pick(AREAS, 'area', serial)}{born:%Y%m%d}{serial % 1000:03}"
    return first_17 + id_check_character(first_17)
