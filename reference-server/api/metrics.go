package api

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/espalier-hil/espalier/reference-server/store"
)

// metrics counts messages since the start of the process. Refused ones leave no
// other trace, since a refusal changes nothing. Labels are of a fixed set: no
// device, and nothing that a client sent, is among them.
type metrics struct {
	accepted prometheus.Counter
	missing  prometheus.Counter
	rejected *prometheus.CounterVec // by stage
	failed   prometheus.Counter
	inFlight prometheus.Gauge
	resyncs  *prometheus.CounterVec // by outcome
	back     prometheus.Counter

	commits        prometheus.Histogram // seconds
	commitMessages prometheus.Histogram
	commitFailures prometheus.Counter

	handler http.Handler
}

func newMetrics() *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &metrics{
		accepted: counter("espalier_messages_accepted_total", "Messages stored."),
		missing:  counter("espalier_messages_missing_total", "Sequence numbers skipped between the messages stored."),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "espalier_messages_rejected_total",
			Help: "Messages refused, by the check that refused them.",
		}, []string{"stage"}),
		failed: counter("espalier_messages_failed_total", "Messages on which the store could not decide."),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "espalier_messages_in_flight",
			Help: "Messages that are being decided on.",
		}),
		resyncs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "espalier_resyncs_total",
			Help: "Requests for the next sequence number, by what became of them.",
		}, []string{"outcome"}),
		back: counter("espalier_clock_back_total", "Messages stored under a time before that of the device's last one."),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "espalier_commit_seconds",
			Help:    "Time of a transaction, flush included.",
			Buckets: prometheus.ExponentialBuckets(0.00025, 2, 15), // to 4 s
		}),
		commitMessages: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "espalier_commit_messages",
			Help:    "Messages that share a transaction and its flush, refused ones included.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 9), // to 256
		}),
		commitFailures: counter("espalier_commit_failures_total", "Transactions that failed."),
	}
	for _, s := range stages {
		m.rejected.WithLabelValues(s.name) // so that each begins at 0, not at its first refusal
	}
	for _, outcome := range outcomes {
		m.resyncs.WithLabelValues(outcome)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.accepted, m.missing, m.rejected, m.failed, m.inFlight, m.resyncs, m.back,
		m.commits, m.commitMessages, m.commitFailures,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}

// commit takes in a transaction of the store.
func (m *metrics) commit(c store.Commit) {
	m.commits.Observe(c.Took.Seconds())
	m.commitMessages.Observe(float64(c.Messages))
	if c.Err != nil {
		m.commitFailures.Inc()
	}
}
