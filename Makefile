.PHONY: help quick run demo web web-dev test test-pages screenshots catalogue test-clients test-kills test-rclone first-minutes load bench lint fmt openapi deploy

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

quick: ## start the server after the shortest build, without optimisation, for a first look
	cargo run

run: ## start the server on 127.0.0.1:8000, with its data in ./data
	cargo run --release

demo: ## fill a world with generated traces and recordings, so that there is something to see
	cargo run --release -- demo

web: ## build the pages into web/dist, which is committed: the program is built with them
	cd web && npm install --no-save --no-audit --no-fund && npm run build

web-dev: ## the pages with each change as it is saved; CAIRN_URL=http://127.0.0.1:8000 names the server behind them
	cd web && npm install --no-audit --no-fund && npm run types && npm run dev

test: ## every test on both backends, with temporary servers; ARGS="NAME..." selects some
	@scripts/test $(ARGS)

test-pages: ## the pages in Chromium, on both backends; ARGS="FILE..." selects some
	@scripts/test-pages $(ARGS)

screenshots: ## pictures of every page, light and dark, wide and narrow, in both languages, into web/screenshots; CAIRN_BINARY=PATH spares the build
	@scripts/install-needs nodejs npm chromium || true
	@[ -n "$(CAIRN_BINARY)" ] || cargo build --locked --bin cairn
	@cd web && CAIRN_BINARY="$${CAIRN_BINARY:-$$PWD/../target/debug/cairn}" node test/screenshots.mjs $(ARGS)

test-kills: ## kill -9 at three hundred random moments over jobs, and over emails, on both backends; ten minutes
	@scripts/with-servers cargo nextest run --workspace --locked --run-ignored only --no-capture kills_on

test-rclone: ## a thousand files through Debian's rclone to the WebDAV door and back, on both backends; two minutes
	@scripts/install-needs rclone || true
	@CAIRN_TEST_RCLONE_FILES=1000 scripts/with-servers cargo nextest run --workspace --locked --no-capture rclone::

catalogue: ## the search of games in 99,000 of them, on both databases: hits, order, times; CAIRN_TEST_CATALOGUE=FOLDER names the lists
	@scripts/with-servers cargo test --release --locked --test it -- --ignored --nocapture catalogue::titles::whole

test-clients: ## generate clients from the server's openapi.json, and walk through the API with each; ARGS="NAME..." selects some
	@scripts/install-needs python3-venv default-jre-headless nodejs npm chromium mono-mcs libmono-cil-dev || true
	@scripts/test-clients $(ARGS)

first-minutes: ## what README.md and docs/first-game.md say, in a clean clone; CAIRN_BINARY=PATH spares the build
	@CAIRN_BINARY="$(CAIRN_BINARY)" scripts/first-minutes

load: ## goose and locust against two instances behind nginx, one of which is stopped, then killed; seven minutes
	@scripts/install-needs postgresql redis-server nginx-light python3-venv
	@scripts/loadtest

bench: ## measure Cairn beside its peers and write docs/performance.md, in 15 minutes; ARGS="--quick" in two
	@scripts/install-needs postgresql redis-server nginx-light wrk valgrind linux-perf binutils python3-venv || true
	@python3 bench/run.py $(ARGS)

lint: ## formatting and clippy (of fuzz, bench and loadtest too), documentation, licences and sources
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	@scripts/lint-beside
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked
	@scripts/check-features
	@scripts/install-needs cargo-deny
	cargo deny --locked check licenses bans sources

fmt: ## format the code
	cargo fmt --all

openapi: ## write openapi.json from the program
	cargo run --locked -- openapi >openapi.json.new && mv openapi.json.new openapi.json || { rm -f openapi.json.new; exit 1; }

deploy: ## check nginx.conf, docker-compose.yml and the Dockerfile; containers are not run
	@scripts/check-deploy
