# make -f train.mk -j 2 -k     the same with make: what is newer than its model is trained again
#
# -k goes on after a failure. A training that is stopped by a signal saves what it has so far;
# only one that came to its end gets its name.
KPIS := kpis
MODELS := models
DONUT := donut
OPTIONS :=

.PHONY: all
all: $(patsubst $(KPIS)/%.csv,$(MODELS)/%.donut,$(wildcard $(KPIS)/*.csv))

$(MODELS)/%.donut: $(KPIS)/%.csv
	@mkdir -p $(@D)
	@$(DONUT) train -q --threads 1 $(OPTIONS) -o $@.part $< && mv $@.part $@
