package io.meshwork.micrometer;

import io.meshwork.meter.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Records the mesh's measurements in a Micrometer registry. Thread-safe. */
public final class MicrometerMeters implements Meters {
  private final MeterRegistry registry;

  private MicrometerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Returns meters in this registry, which the caller closes. */
  public static MicrometerMeters over(MeterRegistry registry) {
    return new MicrometerMeters(registry);
  }

  @Override
  public void count(String meter, Map<String, String> tags, double amount) {
    registry.counter(meter, tags(tags)).increment(amount);
  }

  @Override
  public void time(String meter, Map<String, String> tags, Duration took) {
    registry.timer(meter, tags(tags)).record(took);
  }

  /** Replaces the gauge of an earlier mesh with the same name and tags. */
  @Override
  public synchronized void gauge(String meter, Map<String, String> tags, DoubleSupplier value) {
    Tags all = tags(tags);
    Gauge before = registry.find(meter).tags(all).gauge();
    if (before != null) {
      registry.remove(before);
    }
    Gauge.builder(meter, value::getAsDouble).tags(all).register(registry);
  }

  private static Tags tags(Map<String, String> tags) {
    return Tags.of(
        tags.entrySet().stream().map(tag -> Tag.of(tag.getKey(), tag.getValue())).toList());
  }
}
