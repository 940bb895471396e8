package io.meshwork.meter;

import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Discards all measurements: the default of a mesh. */
enum NoMeters implements Meters {
  INSTANCE;

  @Override
  public void count(String meter, Map<String, String> tags, double amount) {}

  @Override
  public void time(String meter, Map<String, String> tags, Duration took) {}

  @Override
  public void gauge(String meter, Map<String, String> tags, DoubleSupplier value) {}
}
