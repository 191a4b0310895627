"""anze: import, index, ask, search, show, serve, doctor; more in `cli_keys`, `cli_registers`.

Only typer is imported at the top; whatever loads a model or a database comes in when a command
needs it, so that ``anze --help`` answers at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from assistant import cli_keys, cli_registers
from assistant.audit.commands import audit_app

if TYPE_CHECKING:
    from assistant.service import Assistant
    from assistant.settings import Settings

app = typer.Typer(
    name="anze",
    help="安责：有出处的安全生产责任问答。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_keys.app)
app.add_typer(audit_app, name="audit")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Place = Annotated[str | None, typer.Option("--place", "-p", help="所在地方，例如 常州市。")]
Role = Annotated[str | None, typer.Option("--role", help="提问者的岗位，例如 区委书记。")]


@app.command("import", help="把收到的文件整理进文件库，并打印改动。")
def import_(
    files: Annotated[list[Path], typer.Argument(help="收到的文本文件。")],
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="更正文件信息，例如 --set standing=draft，可重复。"),
    ] = None,
    edition: Annotated[Path | None, typer.Option(help="文件库所在的文件夹。")] = None,
    as_json: AsJson = False,
) -> None:
    from assistant.reports import import_report
    from index.ingest import import_file

    target = edition or _settings().edition
    overrides = dict(_pair(value) for value in values or [])
    done = []
    try:
        for path in files:
            report = import_report(import_file(path, target, overrides))
            done.append(report.as_dict())
            if not as_json:
                typer.echo(report.as_text())
    finally:  # a later file that cannot be imported leaves the reports on those before it
        if as_json:
            _print_json(done)


def _pair(value: str) -> tuple[str, Any]:
    from index.errors import BadDocument

    key, equals, text = value.partition("=")
    if not equals:
        raise BadDocument(f"--set 应写成 字段=值，现在是“{value}”。")
    return key, text.split("、") if key == "aliases" else text


@app.command(help="由文件库建立索引；没有变化时什么也不做。")
def index(
    force: Annotated[bool, typer.Option("--force", help="即使没有变化也重新建立。")] = False,
    as_json: AsJson = False,
) -> None:
    from time import perf_counter

    from assistant.reports import index_report
    from index.building import build
    from index.embeddings import SentenceEmbeddings

    settings = _settings()
    embeddings = SentenceEmbeddings.open(settings.model, threads=settings.threads or None)
    started = perf_counter()
    with _progress() as progress:
        manifest = build(
            settings.index,
            settings.edition,
            embeddings,
            home=settings.home,
            progress=progress,
            force=force,
        )
    report = index_report(manifest, settings.index, perf_counter() - started)
    if as_json:
        _print_json(report)
    else:
        typer.echo("\n".join(f"{key}：{value}" for key, value in report.items()))


def _progress() -> Any:
    from assistant.progress import ProgressBar

    return ProgressBar()


@app.command(help="提一个问题。")
def ask(
    question: Annotated[str, typer.Argument(help="问题。")],
    place: Place = None,
    role: Role = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="以哪一天为准。")] = None,
    as_json: AsJson = False,
) -> None:
    from assistant.reports import answer_text
    from assistant.requests import question_of

    asked = question_of(question, place, as_of, role=role)  # what is wrong with it is told at once
    answer = _assistant().ask(asked)
    if as_json:
        _print_json(answer.model_dump(mode="json"))
    else:
        typer.echo(answer_text(answer))


@app.command(help="查条文：条款号、文号、岗位或用语都可以。")
def search(
    query: Annotated[str, typer.Argument(help="要查的内容；写 - 则逐行读标准输入。")],
    place: Place = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 10,
    as_json: AsJson = False,
) -> None:
    from assistant.reports import search_text

    assistant = _assistant()
    for line in sys.stdin.read().splitlines() if query == "-" else [query]:
        results = assistant.search(line, place, limit)
        if as_json:
            _print_json(results.model_dump(mode="json"), indent=None if query == "-" else 1)
        else:
            typer.echo(search_text(results))


@app.command(help="显示一条规定（常办〔2018〕30号第三十条）或一份文件的目录（changzhou-2018）。")
def show(
    address: Annotated[str, typer.Argument(help="条款号、条款编号或文件编号。")],
    as_json: AsJson = False,
) -> None:
    from assistant.reports import document_text, provision_text

    assistant = _assistant()
    if any(document.id == address for document in assistant.documents().documents):
        document = assistant.document(address)
        text, model = document_text(document), document.model_dump(mode="json")
    else:
        provision = assistant.locate(address)
        text, model = provision_text(provision), provision.model_dump(mode="json")
    if as_json:
        _print_json(model)
    else:
        typer.echo(text)


app.command(help="职责清单：某个岗位要做什么。")(cli_registers.duties)
app.command(help="问责清单：什么情形、给什么处理。")(cli_registers.sanctions)


@app.command(help="启动网页和接口。")
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认只有本机能访问。")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
) -> None:
    import uvicorn

    from ui.app import build_app

    settings = _settings()
    changes = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update=changes)
    application = build_app(settings)
    typer.echo(f"安责已就绪，请用浏览器打开 http://{settings.name}:{settings.port}/")
    uvicorn.run(application, host=settings.host, port=settings.port, log_level="warning")


@app.command(help="检查运行环境，说明缺什么、怎么补。")
def doctor(as_json: AsJson = False) -> None:
    from assistant.doctor import examine

    findings = examine(_settings())
    if as_json:
        _print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{'正常' if finding.ok else '有误'}  {finding.what}：{finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _settings() -> Settings:
    from assistant.settings import load_settings

    return load_settings()


def _assistant() -> Assistant:
    from assistant.service import Assistant

    return Assistant.open(_settings())


def _print_json(value: Any, indent: int | None = 1) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def main() -> None:
    """Run the command line; errors raised on purpose end it with their sentence and status 1."""
    from index.errors import AnzeError

    try:
        app()
    except AnzeError as error:
        _fail(str(error), error)
    except UnicodeError as error:
        _fail("读到的文字不是 UTF-8 编码，请转换后再试。", error)
    except OSError as error:
        _fail(f"读写文件失败：{error.filename or ''} {error.strerror or error}。", error)


def _fail(sentence: str, error: Exception) -> NoReturn:
    typer.echo(f"出错了：{sentence}", err=True)
    raise SystemExit(1) from error


if __name__ == "__main__":
    main()
