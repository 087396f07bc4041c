"""Titles, names and comments of the demo, put together from word lists."""

from random import Random

_stories = (
    "Let customers resize {a} {s} without downtime",
    "Show {s} usage per project in the console",
    "Add {s} to the Terraform provider",
    "Expose {s} metrics to Prometheus",
    "Support several regions for {s}",
    "Roll out {s} to all clusters",
    "Write the runbook for {s}",
    "Validate {s} settings before they are saved",
    "Migrate {s} to the new API <v2>",
    "Make {s} idempotent & retryable",
    "Reduce the latency of {s} below 50 ms",
    "Document {s} quotas in the public guide",
    "Encrypt {s} with customer-managed keys",
    "Notify owners when {s} is about to expire",
    "Prévoir la reprise de {s} après incident",
    "Automate the renewal of {s} certificates",
)
_bugs = (
    "{S} fails with 500 when the name has a space",
    "{S} times out after 30 s under load",
    "Wrong total on the {s} page when filtered",
    "<b>Bold</b> tag visible in the {s} title",
    "{S} leaks connections after a failed retry",
    "Größe von {s} wird falsch gerundet",
    '{S}: "access denied" although the role is set',
    "Duplicate events after {s} is restarted",
    "{S} list is empty for users in Tōkyō 東京",
)
_tasks = (
    "Upgrade the {s} base image",
    "Clean up unused {s} feature flags",
    "Load test {s} with 10 k clients",
    "Rotate the {s} credentials",
    "Move {s} pipelines to the shared runners",
    "Review alerts of {s}",
    "Remove the deprecated {s} endpoint",
)
_sub_tasks = ("Design", "API", "Tests", "Front end", "Migration script", "Documentation", "Review")
_impediments = {
    "incident": (
        "Incident: {s} down in one region",
        "Post-mortem actions for the {s} outage",
        "P1: error rate of {s} above 5 %",
    ),
    "support": (
        "Customer escalation about {s}",
        "Help support with {s} refund cases",
        "Ticket storm: {s} not visible for <VIP> customers",
    ),
    "dependency": (
        "Waiting for the network team to open {s} routes",
        "{S} blocked by a missing library release",
        "Vendor fix needed for {s}",
    ),
    "environment": (
        "Staging cluster broken, {s} cannot be tested",
        "CI runners out of disk during {s} builds",
        "VPN unstable while deploying {s}",
    ),
}
_off_plan = (
    "Quick look at {s} for the sales team",
    "Answer the audit's questions on {s}",
    "Interview candidates",
    "Fix a typo in {s} docs & e-mails",
    "Help the neighbours with {s}",
)
_epics = (
    "{S} general availability",
    "{S} cost reduction",
    "Self-service {s}",
    "{S} security hardening",
    "Second generation of {s}",
    "{S} in three more regions",
    "Operations of {s} & on-call comfort",
)
programs = ("Sovereign", "GreenCloud", "Horizon", "Zero-Trust")
_first_names = (
    "Amélie", "Jonas", "Priya", "Łukasz", "Chloé", "Noah", "Zoë", "Rahul", "Inès", "Piotr",
    "Sofia", "Émile", "Hannah", "Kenji", "Ewa", "Liam", "Anaïs", "Søren", "Meera", "Ольга",
)  # fmt: skip
_last_names = (
    "Martin", "Keller", "Nair", "Nowak", "O'Brien", "Tremblay", "Müller", "Roy", "Dubois", "Sato",
    "Kowalska", "García", "Singh", "Lefèvre", "Schäfer", "Wójcik", "Brown", "Iyer", "Moreau", "Ng",
)  # fmt: skip
comments = ("", "", "Pairing", "Debugging with ops", "Code review & fixes", "Réunion", "<pre>")


def person(random: Random) -> str:
    return f"{random.choice(_first_names)} {random.choice(_last_names)}"


def _filled(random: Random, pattern: str, subjects: tuple[str, ...]) -> str:
    subject = random.choice(subjects)
    capital = subject[0].upper() + subject[1:]
    article = "an" if subject[0].lower() in "aeio" else "a"
    return pattern.format(s=subject, S=capital, a=article)


def story(random: Random, subjects: tuple[str, ...]) -> str:
    return _filled(random, random.choice(_stories), subjects)


def bug(random: Random, subjects: tuple[str, ...]) -> str:
    return _filled(random, random.choice(_bugs), subjects)


def task(random: Random, subjects: tuple[str, ...]) -> str:
    return _filled(random, random.choice(_tasks), subjects)


def sub_task(random: Random) -> str:
    return random.choice(_sub_tasks)


def impediment(random: Random, nature: str, subjects: tuple[str, ...]) -> str:
    return _filled(
        random, random.choice(_impediments.get(nature, _impediments["support"])), subjects
    )


def off_plan(random: Random, subjects: tuple[str, ...]) -> str:
    return _filled(random, random.choice(_off_plan), subjects)


def epic(random: Random, subjects: tuple[str, ...]) -> str:
    return _filled(random, random.choice(_epics), subjects)
