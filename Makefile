# Ringmaster: `make run` starts the balancer, `make test` runs every test.
SHELL := /bin/bash
JAVA_HOME := $(shell .ci/find-jdk)
export JAVA_HOME
MVN := mvn -B -ntp
DIST := lb/target/dist

.PHONY: build run test fmt bench-hashing mutation clean

build: ## the distribution under lb/target/dist, without tests
	@.ci/require-jdk
	$(MVN) -q package -DskipTests -pl hashing,server,lb

$(DIST)/bin/ringmaster:
	@$(MAKE) --no-print-directory build

run: $(DIST)/bin/ringmaster ## the balancer on port 5000 in front of three local replicas
	@exec $(DIST)/bin/ringmaster serve $(ARGS)

test: ## everything that this machine can run
	@.ci/require-jdk
	$(MVN) verify

fmt: ## formats the Java sources
	@.ci/require-jdk
	$(MVN) -q spotless:apply

mutation: ## mutation score of the hashing module
	@.ci/require-jdk
	$(MVN) -Pmutation -pl hashing test

bench-hashing: ## JMH: lookups of every algorithm beside other libraries
	@.ci/require-jdk
	$(MVN) -q package -DskipTests -pl hashing,bench
	$(JAVA_HOME)/bin/java -jar bench/target/benchmarks.jar $(ARGS)

clean:
	$(MVN) -q clean
