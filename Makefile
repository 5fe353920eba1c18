# Ringmaster: `make run` starts the balancer, `make test` runs every test, `make help` lists the rest.
SHELL := /bin/bash
JAVA_HOME := $(shell .ci/find-jdk)
export JAVA_HOME
MVN := mvn -B -ntp
COMPOSE := $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
DIST := lb/target/dist
BUILT := lb/target/dist.built
BENCHED := bench/target/bench.built
PEERS := bench/peers/target/peers.built
SOURCES := pom.xml $(wildcard */pom.xml) $(shell find hashing/src/main server/src/main lb/src/main -type f)

.PHONY: analysis policies help build run test soak fuzz images up down logs fmt readme bench-hashing bench-quick bench compare mutation clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 22

build: $(BUILT) ## the distribution under lb/target/dist, without tests

$(BUILT): $(SOURCES)
	@.ci/require-jdk
	$(MVN) -q package -DskipTests -pl hashing,server,lb
	@touch $@

run: $(BUILT) ## the balancer on port 5000 in front of three local replicas; ARGS="--set port=8080" changes it
	@exec $(DIST)/bin/ringmaster serve $(ARGS)

test: ## everything that this machine can run; leaves no process behind
	@.ci/require-jdk
	.ci/with-no-leftovers $(MVN) verify -pl hashing,server,lb,bench
	@if docker info >/dev/null 2>&1; then \
	    .ci/base-images && $(MAKE) --no-print-directory images \
	        && .ci/with-no-leftovers $(MVN) verify -pl integration-tests -DexcludedGroups=none; \
	else \
	    echo "test: no Docker engine answers, so the tests with containers (group docker) are left out"; \
	    .ci/with-no-leftovers $(MVN) verify -pl integration-tests; \
	fi

soak: $(BUILT) ## the long forms, three hours; SOAK=JournalIT,OutlierIT takes some, LAB_STORM=60 less
	@rm -f integration-tests/target/failsafe-reports/*-output.txt
	@[ -n "$(SOAK)" ] || $(MVN) -q -pl hashing,lb test -Dtest=PoolSimulationTest -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dsimulation.seeds=$(or $(LAB_SEEDS),10000) -Dspotless.check.skip
	@.ci/with-no-leftovers $(MVN) -q -pl integration-tests test-compile failsafe:integration-test@default \
	    failsafe:verify@default -Dit.test='$(or $(SOAK),dev/ringmaster/it/laboratory/*IT,HandoverIT,OverloadIT,OutlierIT,SmugglingIT)' \
	    -Dspotless.check.skip -Dlab.storm=$(or $(LAB_STORM),1700) -Dlab.rate=2200 -Dlab.seconds=$(or $(LAB_SECONDS),600) \
	    -Dlab.trials=$(or $(LAB_TRIALS),200) -Dlab.kills=$(or $(LAB_KILLS),1000) \
	    -Dringmaster.handovers=$(or $(LAB_HANDOVERS),100) \
	    -Dsmuggling.trials=$(or $(SMUGGLING_TRIALS),1000000) -Dringmaster.handover.rate=2000 -Doutlier.clients=112 -Dringmaster.it.java-opts=; code=$$?; \
	    grep -hv '^fault ' integration-tests/target/failsafe-reports/*-output.txt; exit $$code

fuzz: ## each fuzz target for SECONDS=60, guided by coverage; TARGETS="Request Hash" takes some, ARGS go to libFuzzer
	@.ci/require-jdk
	$(MVN) -q -Pfuzz -pl hashing,lb test-compile exec:exec -Dexec.executable=echo -Dexec.args=%classpath \
	    -Dexec.classpathScope=test -Dexec.outputFile=target/fuzz.classpath
	@TARGETS="$(TARGETS)" .ci/with-no-leftovers .ci/fuzz $(or $(SECONDS),60) $(ARGS)

images: ## the images ringmaster-lb and ringmaster-server
	docker build -q --target server -t ringmaster-server .
	docker build -q --target lb -t ringmaster-lb .

up: ## the balancer and its replicas as containers, on port 5000
	@.ci/base-images
	$(COMPOSE) up -d --build

down: ## ends them, also when the balancer was killed
	@docker ps -aq --filter "label=dev.ringmaster.pool=$${POOL:-ringmaster}" --filter "label=dev.ringmaster.operation" | xargs -r docker rm -f -v >/dev/null
	@docker rm -f "ringmaster-$${POOL:-ringmaster}-owner" >/dev/null 2>&1 || true
	$(COMPOSE) down

logs: ## what the balancer in its container says
	$(COMPOSE) logs -f lb

fmt: ## formats the Java sources
	@.ci/require-jdk
	$(MVN) -q spotless:apply

readme: ## writes the table of keys into README.md
	@.ci/require-jdk
	$(MVN) -q test -pl hashing,lb -Dtest=ReadmeTest -Dsurefire.failIfNoSpecifiedTests=false -Dreadme.write=true

mutation: ## mutation score of the hashing module
	@.ci/require-jdk
	$(MVN) -Pmutation -pl hashing test

bench-hashing: ## JMH: lookups of every algorithm beside other libraries, decisions of policies; ARGS go to JMH
	@.ci/require-jdk
	$(MVN) -q package -DskipTests -pl hashing,server,lb,bench
	$(JAVA_HOME)/bin/java -cp 'bench/target/benchmarks.jar:$(DIST)/lib/*' dev.ringmaster.bench.HashingBenchmarks $(ARGS)

analysis: $(BUILT) images ## experiments on containers, with charts, into integration-tests/analysis
	$(MVN) -q test-compile exec:java -pl integration-tests -Dexec.classpathScope=test \
	    -Dexec.mainClass=dev.ringmaster.it.analysis.Analysis -Dexec.args=$(CURDIR)/integration-tests/analysis \
	    -Dringmaster.dist=$(CURDIR)/$(DIST) -Djava.awt.headless=true

policies: $(BUILT) ## every policy under a skewed load, with a chart, into integration-tests/analysis
	$(MVN) -q test-compile exec:java -pl integration-tests -Dexec.classpathScope=test \
	    -Dexec.mainClass=dev.ringmaster.it.analysis.PolicyReport -Dexec.args=$(CURDIR)/integration-tests/analysis \
	    -Dringmaster.dist=$(CURDIR)/$(DIST) -Djava.awt.headless=true

bench-quick: ## side by side with HAProxy and nginx in four minutes; ARGS="scenario=small-256 table=bare transport=io_uring"
	@$(MAKE) --no-print-directory compare ARGS="blocks=10 seconds=3 $(ARGS)"

bench: $(PEERS) ## one SCENARIO against everybody, into bench/RESULTS.md: small, small-256, churn, rate, down, up, latency, idle, start
	@$(MAKE) --no-print-directory compare \
	    ARGS="scenario=$(or $(SCENARIO),small) rivals=all patience=50 results=bench/RESULTS.md $(ARGS)"

compare: $(BENCHED)
	@bench/install-rivals
	@.ci/with-no-leftovers $(JAVA_HOME)/bin/java -Djava.awt.headless=true -XX:+UseSerialGC -Xmx1g -Xmn512m \
	    -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=19 \
	    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	    -cp 'bench/target/benchmarks.jar:$(DIST)/lib/*' dev.ringmaster.bench.compare.Comparison $(ARGS)

$(BENCHED): $(SOURCES) $(shell find bench/src -type f)
	@.ci/require-jdk
	$(MVN) -q package -DskipTests -pl hashing,server,lb,bench
	@touch $(BUILT) $@

# Proxies of other Java projects; no module of the build, as nothing else needs what they need.
$(PEERS): pom.xml bench/peers/pom.xml $(shell find bench/peers/src -type f)
	@.ci/require-jdk
	$(MVN) -q package -DskipTests -f bench/peers/pom.xml
	@touch $@

clean: ## removes what was built
	$(MVN) -q clean
	$(MVN) -q clean -f bench/peers/pom.xml
