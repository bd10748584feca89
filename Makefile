# 松鹤 Songhe. What each does is in scripts/; `make help` lists them.
PORT ?= 8000
export PORT
ifdef PYTHON
export PYTHON
endif

.PHONY: help run test test-postgres test-engines bench soak openapi lock clean

help:  ## 列出命令 · list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*##/ { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run:  ## 安装并启动，PORT=8000 · install what is missing, then serve
	@sh scripts/run

test:  ## 格式、类型、分层、测试 · style, types, layers, tests
	@sh scripts/test

test-postgres:  ## 整套测试在 PostgreSQL 上 · the whole suite on PostgreSQL
	@sh scripts/test-postgres

test-engines:  ## PostgreSQL 与 Spark 的测试 · the tests on PostgreSQL and Spark
	@sh scripts/test-engines

bench:  ## 与 OpenFisca 对比，测查重与每月 · measure beside OpenFisca, duplicates, and a month
	@sh scripts/bench

soak:  ## 边断电边办事，再核对，SOAK_MINUTES=5 · work while things are killed, then check
	@sh scripts/soak $${SOAK_MINUTES:-5}

openapi:  ## 重写接口说明 · rewrite docs/openapi.json
	@.venv/bin/songhe manage write_openapi >docs/openapi.json

lock:  ## 重写依赖锁 · rewrite requirements*.txt from pyproject.toml
	@sh scripts/lock

clean:  ## 删除虚拟环境和缓存 · remove environments and caches, keep var/
	rm -rf .venv .venv-bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis \
		build dist *.egg-info spark-warehouse metastore_db derby.log
	find songhe tests -name __pycache__ -type d -prune -exec rm -rf {} +
