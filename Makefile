# Everything a user or CI needs; each target installs what it lacks.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
COMPUTING := ^(StrictJSONTests|TUFTests|ArchiveTests|OSTreeTests|OCITests|SnapsTests|SoftwareAgentTests|SquashfsTests|UpdateTreeTests|DeviceAuthTests)\.
PROCESSES := ^EndToEnd\.

.PHONY: help system demo demo-snaps sim test bench build release install format lint

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

system: ## Install the system packages (as root)
	@scripts/install-system-packages

build: system ## Build for debugging
	swift build

release: system ## Build for use
	swift build -c release --product OTAServe
	swift build -c release --product OTACtl
	swift build -c release --product ota-agent

install: release ## Put otaserve, otactl and ota-agent into PREFIX/bin
	install -D -m 755 .build/release/OTAServe $(DESTDIR)$(PREFIX)/bin/otaserve
	install -D -m 755 .build/release/OTACtl $(DESTDIR)$(PREFIX)/bin/otactl
	install -D -m 755 .build/release/ota-agent $(DESTDIR)$(PREFIX)/bin/ota-agent
	install -D -m 644 packaging/ota-agent-snaps.service $(DESTDIR)$(PREFIX)/lib/systemd/system/ota-agent-snaps.service

demo: release ## Create a server, three devices and two rollouts, and show them; KEEP=1 leaves it running
	@scripts/demo

demo-snaps: release ## A device that lacks a required snap gets it, with no internet
	@scripts/demo-snaps

sim: release ## Let DEVICES virtual devices take an update in three phases; SEED chooses which of them fail
	swift build -c release --product OTASim
	@DEVICES=$(or $(DEVICES),200) scripts/sim

test: system ## Build once for debugging and run every test
	@scripts/install-python-packages
	OTASERVE_STRICT=1 swift build --build-tests
	@# Rooms that compute, rooms that serve, whole programs: side by side one would keep the others from answering in time.
	OTASERVE_STRICT=1 swift test --skip-build --disable-xctest --filter '$(COMPUTING)'
	OTASERVE_STRICT=1 swift test --skip-build --disable-xctest --skip '$(COMPUTING)' --skip '$(PROCESSES)'
	OTASERVE_STRICT=1 swift test --skip-build --disable-xctest --filter '$(PROCESSES)'

bench: release ## Measure against nginx; writes docs/performance.md
	@scripts/install-system-packages nginx-light
	swift build -c release --product LoadGenerator
	swift build -c release --product MetadataBenchmark
	Benchmarks/run --otaserve .build/release/OTAServe --loadgen .build/release/LoadGenerator \
		--metadata .build/release/MetadataBenchmark --out docs/performance.md

format: ## Format all Swift sources
	swift format format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

lint: ## Check the format of all Swift sources
	swift format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift
