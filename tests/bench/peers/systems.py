"""Our program and its peers, each searching the same passages by the same model, as `compare.py` runs them.

    PYTHON systems.py NAME measure|cold --folder FOLDER --model MODEL --store DIR --out FILE < QUESTIONS

QUESTIONS is a JSON object of questions by id. Each peer is set up as its documentation shows for plain
retrieval: by words and vectors where it has that built in for use on one machine, with the prompt that the
model wants before a question where it has an option for it. Nothing but the standard library is imported
before a system is chosen, since ours and theirs are installed apart.
"""

import abc
import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TOP = 10
# The peers give as many to their fusion as this program does.
DEPTH = 50


class System(abc.ABC):
    """One way to search the passages of a benchmark folder."""

    def __init__(self, *, folder: Path, model: Path, store: Path) -> None:
        self._folder = folder
        self._model = model
        self._store = store

    @abc.abstractmethod
    def load(self) -> None:
        """Load the model."""

    @abc.abstractmethod
    def build(self) -> None:
        """Embed the passages, and keep all that a question needs in the store."""

    @abc.abstractmethod
    def open(self) -> None:
        """Open the store."""

    @abc.abstractmethod
    def search(self, question: str) -> list[str]:
        """Return the ids of the passages found, best first."""


class Whole(System):
    """Our program: what it finds, ordered by its cross-encoder, judged and weighed."""

    def load(self) -> None:
        from index.encoder import load_encoder
        from index.types import BuildSettings

        self._settings = BuildSettings()
        self._encoder = load_encoder(self._settings.embedder)

    def build(self) -> None:
        from index.build import index_statements
        from qa.bench import read_benchmark

        index_statements(
            read_benchmark(self._folder).corpus,
            self._store,
            settings=self._settings,
            load_encoder=lambda _: self._encoder,
            model_id=lambda _: self._encoder.model_id,
        )

    def open(self) -> None:
        from qa.answer import Answerer

        self._answerer = Answerer.open(self._store)

    def search(self, question: str) -> list[str]:
        from qa.types import Question

        ranked = self._answerer.trace(Question(text=question, top=TOP)).ranked
        return [candidate.ranked.stored.passage.statement_id for candidate in ranked]


class FirstStage(Whole):
    """Our program without its cross-encoder, which the peers' plain setups do not have either."""

    def open(self) -> None:
        from index.encoder import QUESTION_THREADS, load_encoder
        from index.store import open_index
        from qa.lexicon import Lexicon

        # What was loaded before embeds passages, each by one thread.
        self._encoder = load_encoder(self._settings.embedder, threads=QUESTION_THREADS)
        self._index = open_index(self._store)
        self._lexicon = Lexicon.of(self._index)

    def search(self, question: str) -> list[str]:
        from qa.question import read_question
        from qa.retrieve import retrieve
        from qa.types import Question

        search = read_question(Question(text=question), self._lexicon)
        hits = retrieve(self._index, self._encoder, search, limit=TOP)
        return [each.passage.statement_id for each in self._index.passages([hit.passage_id for hit in hits])]


class Txtai(System):
    """txtai with ``hybrid=True``: Faiss, and its own BM25 in the mean of both scores."""

    def load(self) -> None:
        from txtai import Embeddings

        # It reads the prompts in the model's folder by itself.
        self._embeddings = Embeddings(path=str(self._model), content=True, hybrid=True)

    def build(self) -> None:
        self._embeddings.index((name, text, None) for name, text in read_passages(self._folder))
        self._embeddings.save(str(self._store))

    def open(self) -> None:
        self._embeddings.load(str(self._store))

    def search(self, question: str) -> list[str]:
        return [str(found["id"]) for found in self._embeddings.search(question, TOP)]


class Haystack(System):
    """Haystack's in-memory store, with its BM25 and embedding retrievers joined by reciprocal ranks."""

    def load(self) -> None:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        self._documents = SentenceTransformersDocumentEmbedder(
            model=str(self._model), normalize_embeddings=True, progress_bar=False
        )
        self._questions = SentenceTransformersTextEmbedder(
            model=str(self._model),
            prefix=read_prompt(self._model),
            normalize_embeddings=True,
            progress_bar=False,
        )
        self._documents.warm_up()
        self._questions.warm_up()

    def build(self) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        documents = [
            Document(content=text, meta={"name": name}) for name, text in read_passages(self._folder)
        ]
        store = InMemoryDocumentStore()
        store.write_documents(self._documents.run(documents)["documents"])
        store.save_to_disk(str(self._store / "documents.json"))

    def open(self) -> None:
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore.load_from_disk(str(self._store / "documents.json"))
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", self._questions)
        self._pipeline.add_component("near", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
        self._pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=DEPTH))
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)
        self._pipeline.add_component("joiner", joiner)
        self._pipeline.connect("embedder", "near")
        self._pipeline.connect("near", "joiner")
        self._pipeline.connect("words", "joiner")

    def search(self, question: str) -> list[str]:
        found = self._pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        return [str(document.meta["name"]) for document in found["joiner"]["documents"]]


class LlamaIndex(System):
    """LlamaIndex' vector index and its BM25 retriever, fused by reciprocal ranks."""

    def load(self) -> None:
        from llama_index.core import Settings
        from llama_index.core.llms import MockLLM
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.embed_model = HuggingFaceEmbedding(
            model_name=str(self._model),
            query_instruction=read_prompt(self._model),
        )
        Settings.llm = MockLLM()  # none is called, but without a name it looks for OpenAI's

    def build(self) -> None:
        import Stemmer
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.retrievers.bm25 import BM25Retriever

        nodes = [TextNode(id_=name, text=text) for name, text in read_passages(self._folder)]
        VectorStoreIndex(nodes).storage_context.persist(str(self._store / "vectors"))
        words = BM25Retriever.from_defaults(
            nodes=nodes, similarity_top_k=DEPTH, stemmer=Stemmer.Stemmer("english"), language="english"
        )
        words.persist(str(self._store / "words"))

    def open(self) -> None:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.retrievers.bm25 import BM25Retriever

        context = StorageContext.from_defaults(persist_dir=str(self._store / "vectors"))
        near = load_index_from_storage(context).as_retriever(similarity_top_k=DEPTH)
        words = BM25Retriever.from_persist_dir(str(self._store / "words"))
        self._retriever = QueryFusionRetriever(
            [near, words], similarity_top_k=TOP, num_queries=1, mode="reciprocal_rerank", use_async=False
        )

    def search(self, question: str) -> list[str]:
        return [str(found.node.node_id) for found in self._retriever.retrieve(question)]


class Chroma(System):
    """Chroma on disk, by vectors alone: its hybrid search is one of Chroma Cloud.

    Its function for such models has no place for a prompt.
    """

    def load(self) -> None:
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        self._embed = SentenceTransformerEmbeddingFunction(
            model_name=str(self._model), normalize_embeddings=True
        )

    def build(self) -> None:
        import chromadb

        client = chromadb.PersistentClient(str(self._store))
        collection = client.create_collection(
            "passages", embedding_function=self._embed, configuration={"hnsw": {"space": "cosine"}}
        )
        passages, most = read_passages(self._folder), client.get_max_batch_size()
        for start in range(0, len(passages), most):
            names, texts = zip(*passages[start : start + most], strict=True)
            collection.add(ids=list(names), documents=list(texts))

    def open(self) -> None:
        import chromadb

        client = chromadb.PersistentClient(str(self._store))
        self._collection = client.get_collection("passages", embedding_function=self._embed)

    def search(self, question: str) -> list[str]:
        found = self._collection.query(query_texts=[question], n_results=TOP)
        return [str(name) for name in found["ids"][0]]


OURS: Mapping[str, type[System]] = {"ours": Whole, "ours, first stage": FirstStage}
PEERS: Mapping[str, type[System]] = {
    "txtai": Txtai,
    "Haystack": Haystack,
    "LlamaIndex": LlamaIndex,
    "Chroma": Chroma,
}


def main() -> None:
    """Run one step of one system and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("name", choices=(*OURS, *PEERS))
    parser.add_argument("step", choices=("measure", "cold"))
    for option in ("--folder", "--model", "--store", "--out"):
        parser.add_argument(option, type=Path, required=True)
    options = parser.parse_args()
    questions: Mapping[str, str] = json.load(sys.stdin)
    system = {**OURS, **PEERS}[options.name](folder=options.folder, model=options.model, store=options.store)
    system.load()
    steps = {"measure": measure, "cold": ask_once}
    options.out.write_text(json.dumps(steps[options.step](system, questions)), encoding="utf-8")


def measure(system: System, questions: Mapping[str, str]) -> dict[str, Any]:
    """Build, then ask every question; the first is asked once before, to warm up."""
    began = time.perf_counter()
    system.build()
    build_seconds = time.perf_counter() - began
    system.open()
    system.search(next(iter(questions.values())))
    rankings, milliseconds = {}, []
    for name, question in questions.items():
        began = time.perf_counter()
        rankings[name] = system.search(question)[:TOP]
        milliseconds.append(1000 * (time.perf_counter() - began))
    return {"build_seconds": build_seconds, "rankings": rankings, "milliseconds": milliseconds}


def ask_once(system: System, questions: Mapping[str, str]) -> dict[str, Any]:
    """Open what was built, and ask the first question."""
    system.open()
    name, question = next(iter(questions.items()))
    return {"rankings": {name: system.search(question)[:TOP]}}


def read_passages(folder: Path) -> Sequence[tuple[str, str]]:
    """Return the passages with their titles above them, for systems that know of one text only."""
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line.strip()]
    return [(str(row["id"]), f"{row.get('title') or ''}\n{row['text']}".strip()) for row in rows]


def read_prompt(model: Path) -> str:
    """Return what the model wants before a question."""
    file = model / "config_sentence_transformers.json"
    prompts = json.loads(file.read_text(encoding="utf-8")).get("prompts", {}) if file.exists() else {}
    return str(prompts.get("query", ""))


if __name__ == "__main__":
    main()
