"""Ten objective questions for welders, written for the demonstration."""

from dataclasses import dataclass

from competition.drills.models import QuestionKind


@dataclass(frozen=True)
class Written:
    """A question: its options, the right ones by position, and why."""

    kind: QuestionKind
    stem: str
    options: tuple[str, ...]
    correct: tuple[int, ...]
    explanation: str


QUESTIONS = (
    Written(
        QuestionKind.SINGLE,
        "低氢型焊条使用前一般应如何处理？",
        ("直接使用", "按说明书高温烘干并放入保温筒", "用水冲洗", "在阳光下晒干"),
        (1,),
        "低氢型药皮容易吸潮，烘干并保温可减少焊缝中的氢。",
    ),
    Written(
        QuestionKind.SINGLE,
        "二氧化碳气体保护焊产生气孔最常见的原因是什么？",
        ("保护气体流量不当或有风", "焊工戴了手套", "工件太干净", "焊接位置为平焊"),
        (0,),
        "保护不良时空气进入熔池，冷却后形成气孔。",
    ),
    Written(
        QuestionKind.TRUE_FALSE,
        "焊接电缆绝缘破损时，可以用普通胶带缠绕后长期使用。",
        ("正确", "错误"),
        (1,),
        "破损的电缆应更换或由专业人员修复，否则有触电和起火危险。",
    ),
    Written(
        QuestionKind.MULTIPLE,
        "下列哪些属于焊接接头的外观缺陷？",
        ("咬边", "焊瘤", "未熔合（内部）", "表面气孔"),
        (0, 1, 3),
        "内部未熔合要用无损检测发现，其余可由外观检查看到。",
    ),
    Written(
        QuestionKind.SINGLE,
        "在密闭容器内焊接时，首先要保证什么？",
        ("焊缝美观", "通风良好并有人监护", "焊接速度快", "使用大电流"),
        (1,),
        "受限空间作业必须通风、检测气体并设专人监护。",
    ),
    Written(
        QuestionKind.TRUE_FALSE,
        "焊接热输入越大，热影响区一般越宽。",
        ("正确", "错误"),
        (0,),
        "热输入与电流、电压成正比，与焊接速度成反比；热输入大则热影响区宽。",
    ),
    Written(
        QuestionKind.SINGLE,
        "钨极氩弧焊打底时，管内充氩的主要目的是什么？",
        ("降低成本", "防止焊缝背面氧化", "提高电流", "减少烟尘"),
        (1,),
        "背面充氩隔绝空气，焊缝背面不被氧化。",
    ),
    Written(
        QuestionKind.MULTIPLE,
        "焊前预热的作用有哪些？",
        ("降低冷却速度", "减小淬硬倾向", "提高焊缝含氢量", "减小焊接应力"),
        (0, 1, 3),
        "预热使冷却变慢，有利于氢的逸出，并减小应力和淬硬倾向。",
    ),
    Written(
        QuestionKind.SINGLE,
        "检测焊缝内部气孔和夹渣常用的无损检测方法是哪一种？",
        ("射线检测", "渗透检测", "目视检测", "硬度试验"),
        (0,),
        "渗透和目视只能发现表面缺陷，硬度试验不是缺陷检测。",
    ),
    Written(
        QuestionKind.TRUE_FALSE,
        "焊工离开作业现场前，应确认没有残留火种。",
        ("正确", "错误"),
        (0,),
        "动火作业结束后要检查现场，防止复燃。",
    ),
)
