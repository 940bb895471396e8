package io.meshwork.meter;

import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Port: receives the measurements of a running mesh. Called by publishing and reading threads, so
 * implementations must return quickly; exceptions are logged and have no other effect. Thread-safe.
 *
 * <p>{@code MicrometerMeters} is an implementation for Micrometer.
 */
public interface Meters {
  /**
   * Adds to a counter.
   *
   * @param meter the name, such as {@code meshwork.records_processed}
   * @param tags such as domain and product
   * @param amount at least 0
   */
  void count(String meter, Map<String, String> tags, double amount);

  /** Records a duration. */
  void time(String meter, Map<String, String> tags, Duration took);

  /**
   * Registers a gauge and replaces an earlier one with the same name and tags.
   *
   * @param value called whenever the gauge is read; NaN while there is no value
   */
  void gauge(String meter, Map<String, String> tags, DoubleSupplier value);

  /** Returns meters that discard everything. */
  static Meters none() {
    return NoMeters.INSTANCE;
  }
}
