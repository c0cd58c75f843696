package api

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts messages since the start of the process. Refused ones leave no
// other trace, since a refusal changes nothing.
type metrics struct {
	accepted prometheus.Counter
	missing  prometheus.Counter
	rejected *prometheus.CounterVec // by stage
	handler  http.Handler
}

func newMetrics() *metrics {
	m := &metrics{
		accepted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "espalier_messages_accepted_total",
			Help: "Messages stored.",
		}),
		missing: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "espalier_messages_missing_total",
			Help: "Sequence numbers skipped between the messages stored.",
		}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "espalier_messages_rejected_total",
			Help: "Messages refused, by the check that refused them.",
		}, []string{"stage"}),
	}
	for _, s := range stages {
		m.rejected.WithLabelValues(s.name) // so that each begins at 0, not at its first refusal
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.accepted, m.missing, m.rejected, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}
