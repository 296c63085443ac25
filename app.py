"""Put the application together. Nothing imports this module."""

from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

import aptitude.cli
import aptitude.models.assessments
import aptitude.models.begun
import aptitude.models.duties
import aptitude.models.frameworks
import aptitude.models.scenarios
import aptitude.models.workshops
import aptitude.services.working
import aptitude.views.agreement
import aptitude.views.care
import aptitude.views.framework
import aptitude.views.mirror
import aptitude.views.occupations
import aptitude.views.own
import aptitude.views.panels
import aptitude.views.people
import aptitude.views.rating
import aptitude.views.rounds
import aptitude.views.scenarios
import aptitude.views.sittings
import aptitude.views.targets
import aptitude.views.team
import aptitude.views.workshops
import core.jobs
import core.web.health
import curricula.cli
import curricula.models.modules
import curricula.models.notices
import curricula.models.outcomes
import curricula.models.paths
import curricula.models.sessions
import curricula.services.attending
import curricula.services.enrolling
import curricula.services.retaining
import curricula.views.assigning
import curricula.views.attendance
import curricula.views.calendars
import curricula.views.care
import curricula.views.certificates
import curricula.views.completions
import curricula.views.editing
import curricula.views.exchange
import curricula.views.feedback
import curricula.views.learning
import curricula.views.materials
import curricula.views.modules
import curricula.views.next_versions
import curricula.views.paths
import curricula.views.retiring
import curricula.views.reviews
import curricula.views.seats
import curricula.views.sessions
import curricula.views.week
import demo.cli
import ledger.cli
import ledger.services.moving
import ledger.services.retaining
import ledger.views.batches
import ledger.views.classifications
import ledger.views.courses
import ledger.views.entries
import ledger.views.imports
import people.cli
import people.views.accounts
import people.views.auditing
import people.views.files
import people.views.managing
import people.views.own
import people.views.pages
import people.views.privacy
import people.views.single_sign_on
import people.views.submitting
import people.views.visiting
import planner.cli
import planner.queries.effects
import planner.views.balance
import planner.views.reports
import planner.views.start
import planner.views.targets
from aptitude.rules.holdings import APTITUDE
from core.config import check, from_environment
from core.db import db
from core.memory import set_program_apart
from core.web.access import deny_by_default
from core.web.assets import init_assets
from core.web.commands import settings_told
from core.web.errors import answer_errors
from core.web.layout import init_layout
from core.web.logs import start_log
from core.web.markdown import init_markdown
from core.web.navigation import show_navigation
from core.web.paths import limit_ids
from core.web.proxies import trust_proxies
from core.web.security import init_security_headers
from core.web.styleguide import init_styleguide
from core.web.work import work_cli
from curricula.rules.holdings import CURRICULA
from ledger.rules.holdings import LEDGER
from people.queries.holdings import declare
from planner.rules.holdings import PLANNER

MIGRATIONS = str(Path(__file__).parent / "migrations")
TABLES = (
    curricula.models.modules,
    curricula.models.paths,
    curricula.models.sessions,
    curricula.models.outcomes,
    curricula.models.notices,
    aptitude.models.frameworks,
    aptitude.models.assessments,
    aptitude.models.begun,
    aptitude.models.duties,
    aptitude.models.scenarios,
    aptitude.models.workshops,
)
"""They belong to the database whether or not a page asks for them yet."""

BLUEPRINTS = (
    core.web.health.bp,
    people.views.accounts.bp,
    people.views.own.bp,
    people.views.managing.bp,
    people.views.single_sign_on.bp,
    people.views.pages.bp,
    people.views.auditing.bp,
    people.views.privacy.bp,
    people.views.files.bp,
    ledger.views.imports.bp,
    curricula.views.modules.bp,
    curricula.views.learning.bp,
    planner.views.balance.bp,
    planner.views.reports.bp,
    planner.views.targets.bp,
    planner.views.start.bp,
    aptitude.views.own.bp,
)
WHO_WANT_TO_KNOW = (
    ledger.services.moving.register,
    ledger.services.retaining.register,
    planner.queries.effects.register,
    curricula.services.attending.register,
    curricula.services.retaining.register,
    curricula.views.learning.start_learning,
    aptitude.services.working.register_work,
)
"""They say what they do when people move, hours are removed, pages are drawn or work falls due."""

COMMANDS = (
    work_cli,
    demo.cli.demo_cli,
    people.cli.people_cli,
    people.cli.audit_cli,
    people.cli.privacy_cli,
    ledger.cli.ledger_cli,
    curricula.cli.curricula_cli,
    planner.cli.planner_cli,
    aptitude.cli.aptitude_cli,
)


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """Return a ready application; `settings` override the defaults."""
    app = Flask(__name__)
    app.config.from_mapping(from_environment())
    app.config.update(settings or {})
    with settings_told():
        check(app.config)
    start_log(app)
    trust_proxies(app)
    limit_ids(app)
    db.init_app(app)
    Migrate(app, db, directory=MIGRATIONS, render_as_batch=True)
    CSRFProtect(app)
    Bootstrap5(app)
    init_layout(app)
    init_markdown(app)
    init_security_headers(app)
    init_assets(app)
    init_styleguide(app)
    show_navigation(app)
    answer_errors(app)
    _introduce()
    people.views.visiting.start_visits(app)
    people.views.single_sign_on.start_single_sign_on(app)
    people.views.auditing.start_audit(app)
    deny_by_default(app)
    people.views.submitting.start_submissions(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    core.web.health.answer_plainly(app)
    for commands in COMMANDS:
        app.cli.add_command(commands)
    set_program_apart()
    return app


def _introduce() -> None:
    """Let packages hear of what happens in those below, and say what they hold and do later."""
    for register in WHO_WANT_TO_KNOW:
        register()
    core.jobs.register(curricula.services.enrolling.ENDED_HOLDS)
    declare(*LEDGER, *CURRICULA, *PLANNER, *APTITUDE)
