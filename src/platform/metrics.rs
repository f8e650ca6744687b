//! The registry of metrics for Prometheus, and the one module that uses its package.
//!
//! Each part of the program declares its own metrics: a struct that makes them from the [`Registry`] at start and has a
//! method for each event that is counted. The registry itself holds the metrics of the process: memory, CPU, file handles.

pub use prometheus::{
    Histogram, HistogramVec, IntCounter as Counter, IntCounterVec as CounterVec, IntGauge as Gauge,
    IntGaugeVec as GaugeVec,
};
use prometheus::{HistogramOpts, Opts, TextEncoder, core::Collector, process_collector::ProcessCollector};

/// Bucket bounds for durations, in seconds: from a cached read to a client's timeout.
pub const SECONDS: [f64; 12] = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Why a metric could not be registered, or the metrics not be written.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] prometheus::Error);

/// All metrics of the program. Cheap to clone.
///
/// The constructors fail where a name is not valid or was registered before.
#[derive(Clone, Debug)]
pub struct Registry(prometheus::Registry);

impl Registry {
    /// A registry with the metrics of this process.
    ///
    /// # Errors
    /// The process's metrics can't be registered.
    pub fn new() -> Result<Self, MetricsError> {
        let registry = Self(prometheus::Registry::new());
        registry.register(ProcessCollector::for_self())?;
        Ok(registry)
    }

    fn register(&self, collector: impl Collector + 'static) -> Result<(), MetricsError> {
        Ok(self.0.register(Box::new(collector))?)
    }

    /// A counter.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn counter(&self, name: &str, help: &str) -> Result<Counter, MetricsError> {
        let counter = Counter::new(name, help)?;
        self.register(counter.clone())?;
        Ok(counter)
    }

    /// A counter for each value of its labels.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn counter_vec(&self, name: &str, help: &str, labels: &[&str]) -> Result<CounterVec, MetricsError> {
        let counters = CounterVec::new(Opts::new(name, help), labels)?;
        self.register(counters.clone())?;
        Ok(counters)
    }

    /// A gauge.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn gauge(&self, name: &str, help: &str) -> Result<Gauge, MetricsError> {
        let gauge = Gauge::new(name, help)?;
        self.register(gauge.clone())?;
        Ok(gauge)
    }

    /// A gauge for each value of its labels.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn gauge_vec(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec, MetricsError> {
        let gauges = GaugeVec::new(Opts::new(name, help), labels)?;
        self.register(gauges.clone())?;
        Ok(gauges)
    }

    /// A histogram with these bucket bounds.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn histogram(&self, name: &str, help: &str, bounds: &[f64]) -> Result<Histogram, MetricsError> {
        let histogram = Histogram::with_opts(HistogramOpts::new(name, help).buckets(bounds.to_vec()))?;
        self.register(histogram.clone())?;
        Ok(histogram)
    }

    /// A histogram for each value of its labels, with these bucket bounds.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn histogram_vec(
        &self,
        name: &str,
        help: &str,
        bounds: &[f64],
        labels: &[&str],
    ) -> Result<HistogramVec, MetricsError> {
        let histograms = HistogramVec::new(HistogramOpts::new(name, help).buckets(bounds.to_vec()), labels)?;
        self.register(histograms.clone())?;
        Ok(histograms)
    }

    /// All metrics in Prometheus' text format, sorted by name.
    ///
    /// # Errors
    /// A metric can't be written.
    pub fn render(&self) -> Result<String, MetricsError> {
        Ok(TextEncoder::new().encode_to_string(&self.0.gather())?)
    }
}
