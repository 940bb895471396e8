package io.meshwork.meter;

import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Port: takes the numbers of a running mesh. It is called by the threads that publish and read, so
 * it has to be quick; what it throws is logged and changes nothing. Thread-safe.
 *
 * <p>{@code MicrometerMeters} is one over Micrometer.
 */
public interface Meters {
  /**
   * Adds to a count that only grows.
   *
   * @param meter its name, such as {@code meshwork.records_processed}
   * @param tags what it is of, such as domain and product
   * @param amount at least 0
   */
  void count(String meter, Map<String, String> tags, double amount);

  /** Notes how long something took. */
  void time(String meter, Map<String, String> tags, Duration took);

  /**
   * A number that is asked for whenever it is looked at; a gauge of the same name and tags that was
   * there before is replaced.
   *
   * @param value NaN while there is none
   */
  void gauge(String meter, Map<String, String> tags, DoubleSupplier value);

  /** Takes nothing. */
  static Meters none() {
    return NoMeters.INSTANCE;
  }
}
