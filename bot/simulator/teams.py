"""The demo's teams: how each differs in people, calendar, sprints and trouble."""

from dataclasses import dataclass, field, replace


@dataclass(slots=True, frozen=True)
class TeamPlan:
    """What a demo team is like; shares and rates are means that vary by day and sprint."""

    key: str
    name: str
    project: str
    timezone: str
    country: str
    people: int = 7
    sprint_weeks: int = 2
    """0 makes it a kanban team."""
    sprint_name: str = "Sprint {n}"
    first_number: int = 10
    start_weekday: int = 0
    start_hour: float = 10.0
    commitment: int = 38
    """Points taken into a sprint."""
    pace: float = 0.82
    """Share of the commitment that an ordinary sprint gets done."""
    impediment_share: float = 0.14
    off_plan_share: float = 0.08
    nature_by: str = "label"
    """`label` (`nature:incident`) or `field` (a select field named Nature)."""
    estimation: str = "points"
    sends_to_backlog: bool = False
    """Incomplete issues go to the backlog at closure instead of the next sprint."""
    backdates: bool = False
    nature_weights: dict[str, int] = field(
        default_factory=lambda: {"incident": 4, "support": 3, "dependency": 2, "environment": 2}
    )
    subjects: tuple[str, ...] = ()


_six = (
    TeamPlan(
        "k8s", "Managed Kubernetes", "K8S", "Europe/Paris", "FR", people=8, first_number=3,
        commitment=41, pace=0.80, impediment_share=0.15,
        subjects=("node pool", "control plane", "ingress", "etcd backup", "autoscaler"),
    ),
    TeamPlan(
        "storage", "Object Storage", "OBJ", "Europe/Berlin", "DE", sprint_name="Sprint {n}",
        first_number=32, start_weekday=2, start_hour=14.0, commitment=36, pace=0.97,
        impediment_share=0.08, off_plan_share=0.05, nature_by="field",
        subjects=("bucket policy", "multipart upload", "replication", "S3 gateway", "lifecycle"),
    ),
    TeamPlan(
        "lb", "Load Balancer", "LB", "America/Toronto", "CA", people=6, sprint_weeks=3,
        sprint_name="LB-{n}, w{week}", first_number=14, start_weekday=1, commitment=34, pace=0.86,
        impediment_share=0.12, backdates=True,
        nature_weights={"dependency": 5, "incident": 3, "support": 1, "environment": 1},
        subjects=("health check", "TLS listener", "sticky session", "WAF rule", "IPv6 frontend"),
    ),
    TeamPlan(
        "registry", "Container Registry", "REG", "Europe/Warsaw", "PL", people=6,
        sprint_name="Container Registry {year}-{week}", start_weekday=3, start_hour=11.5,
        commitment=39, pace=0.72, impediment_share=0.27, off_plan_share=0.12, nature_by="field",
        sends_to_backlog=True,
        nature_weights={"environment": 5, "incident": 4, "dependency": 2, "support": 2},
        subjects=("image scan", "garbage collection", "pull cache", "Helm chart", "quota"),
    ),
    TeamPlan(
        "billing", "Billing Engine", "BILL", "Asia/Kolkata", "IN", people=8, first_number=62,
        start_weekday=0, start_hour=11.0, commitment=44, pace=0.90, impediment_share=0.11,
        nature_weights={"support": 6, "dependency": 3, "incident": 1, "data quality": 2},
        subjects=("invoice", "VAT rounding", "credit note", "usage meter", "price catalogue"),
    ),
    TeamPlan(
        "netops", "Network Operations", "NET", "Europe/London", "GB", people=6, sprint_weeks=0,
        impediment_share=0.30, nature_weights={"incident": 6, "support": 3, "environment": 2},
        subjects=("edge router", "peering", "DNS zone", "DDoS filter", "fibre path"),
    ),
)  # fmt: skip

_more = (
    ("Managed Databases", "DB", ("replica", "backup window", "failover", "slow query log")),
    ("Block Storage", "BLK", ("volume", "snapshot", "IOPS limit", "encryption at rest")),
    ("Identity and Access", "IAM", ("SSO login", "role binding", "API key", "audit trail")),
    ("Bare Metal Provisioning", "BM", ("PXE image", "BIOS profile", "rack inventory", "RAID")),
    ("Public Cloud Instances", "PCI", ("flavour", "live migration", "GPU host", "metadata")),
    ("Observability", "OBS", ("alert rule", "log shipper", "trace store", "dashboard")),
    ("DNS and Domains", "DNS", ("zone transfer", "DNSSEC", "whois", "registrar API")),
    ("Private Network", "VPN", ("VLAN", "gateway", "route table", "MTU")),
    ("Data Processing", "DAT", ("Spark job", "notebook", "scheduler", "catalogue")),
    ("Console Front End", "WEB", ("sign-up form", "order page", "dark theme", "search box")),
    ("Serverless Functions", "FN", ("cold start", "trigger", "runtime image", "timeout")),
    ("AI Training", "AI", ("job queue", "checkpoint", "dataset cache", "GPU share")),
    ("Email Platform", "MAIL", ("spam filter", "mailbox quota", "DKIM", "webmail")),
    ("Security Tooling", "SEC", ("secret scan", "patch report", "SBOM", "pen test finding")),
)


def team_plans(count: int) -> list[TeamPlan]:
    """The first `count` teams: six of their own kind, then variations on them."""
    plans = list(_six[:count])
    while len(plans) < count:
        plans.append(_variation(len(plans)))
    return plans


def _variation(number: int) -> TeamPlan:
    base = _six[number % 5]
    round_, which = divmod(number - 6, len(_more))
    name, project, subjects = _more[which]
    suffix = "" if round_ == 0 else str(round_ + 1)
    return replace(
        base,
        key=f"{project.lower()}{suffix}",
        name=f"{name} {suffix}".strip(),
        project=f"{project}{suffix}",
        people=6 + number % 3,
        first_number=5 + number * 7 % 60,
        start_weekday=number % 4,
        commitment=32 + number * 5 % 13,
        pace=0.68 + number * 7 % 31 / 100,
        impediment_share=0.06 + number * 11 % 21 / 100,
        estimation="issueCount" if name == "Email Platform" else "points",
        subjects=subjects,
    )
