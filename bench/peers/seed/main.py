"""The seed's stack, as its README describes it: FastAPI, SQLAlchemy on asyncpg, redis-py, orjson.

What a good engineer writes with it in an afternoon: the newest rows by id, gzipped into Redis for 30 seconds; one
transaction for each post. The connection pool is large enough for 64 clients, so that no request fails.
"""

import gzip
import os
from contextlib import asynccontextmanager

import orjson
from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel
from redis.asyncio import Redis
from sqlalchemy import JSON, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CACHE_DURATION = 30
CACHE_KEY = "game_data"
HEADERS = {"Content-Encoding": "gzip", "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}

engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+asyncpg:"),
    json_serializer=lambda value: orjson.dumps(value).decode(),
    json_deserializer=orjson.loads,
    # Each of two workers; a request that finds none free waits for one.
    pool_size=32,
    max_overflow=0,
    pool_timeout=60,
)
session = async_sessionmaker(engine, expire_on_commit=False)
redis = Redis.from_url(os.environ["REDIS_URL"])


class Base(DeclarativeBase):
    pass


class Object(Base):
    __tablename__ = "objects"
    id: Mapped[int] = mapped_column(primary_key=True)
    u_uuid: Mapped[str]
    o_type: Mapped[int]
    o_pos: Mapped[str]
    o_rot: Mapped[str]


class Message(Base):
    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    u_uuid: Mapped[str]
    part1: Mapped[str]
    part2: Mapped[str]
    part3: Mapped[str]


class Phantom(Base):
    __tablename__ = "phantoms"
    id: Mapped[int] = mapped_column(primary_key=True)
    u_uuid: Mapped[str]
    data: Mapped[list[list[str]]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))


class ObjectIn(BaseModel):
    u_uuid: str
    o_type: int
    o_pos: str
    o_rot: str


class MessageIn(BaseModel):
    u_uuid: str
    part1: str
    part2: str
    part3: str


class PhantomIn(BaseModel):
    u_uuid: str
    data: list[list[str]]


class Left(BaseModel):
    obj: ObjectIn | None = None
    message: MessageIn | None = None
    phantom: PhantomIn


@asynccontextmanager
async def lifespan(_: FastAPI):
    yield
    await redis.aclose()
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health():
    return {"status": "healthy"}


@app.get("/get-objects")
async def get_objects():
    body = await redis.get(CACHE_KEY)
    if body is None:
        async with session() as database:
            newest = {}
            for table, limit in ((Object, 200), (Message, 200), (Phantom, 20)):
                rows = await database.scalars(select(table).order_by(table.id.desc()).limit(limit))
                columns = [column.key for column in table.__table__.columns]
                newest[table.__tablename__] = [{name: getattr(row, name) for name in columns} for row in rows]
        body = gzip.compress(orjson.dumps(newest), compresslevel=6)
        await redis.set(CACHE_KEY, body, ex=CACHE_DURATION)
    return Response(body, media_type="application/json", headers=HEADERS)


@app.post("/add-object", status_code=201)
async def add_object(left: Left):
    async with session.begin() as database:
        if left.obj:
            database.add(Object(**left.obj.model_dump()))
        if left.message:
            database.add(Message(**left.message.model_dump()))
        database.add(Phantom(**left.phantom.model_dump()))
    return PlainTextResponse("Created!!!", status_code=201)
