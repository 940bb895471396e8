package io.meshwork.aws.internal.dynamo;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * DynamoDB's time: the {@code Date} header (RFC 9110, section 6.6.1) of the last response that had
 * one, plus the time since then. Accurate to a second plus the duration of a response. Does not use
 * the host's clock. Thread-safe.
 */
final class DynamoClock {
  private static final String DATE = "Date";

  private final LongSupplier ticker;
  private volatile @Nullable ServerTime last;

  /**
   * Creates a clock without a time.
   *
   * @param ticker elapsed nanoseconds, such as {@link System#nanoTime}
   */
  DynamoClock(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** A server's time, as in its response and parsed, and the ticker at that time. */
  private record ServerTime(String text, Instant date, long ticks) {}

  /**
   * Reads the time from a response, successful or not.
   *
   * @param response null if there was none
   */
  void read(@Nullable SdkHttpResponse response) {
    if (response != null) {
      response
          .firstMatchingHeader(DATE)
          .ifPresent(
              text ->
                  dateOf(text)
                      .ifPresent(date -> last = new ServerTime(text, date, ticker.getAsLong())));
    }
  }

  /** All responses of a second have the same text. */
  private Optional<Instant> dateOf(String text) {
    ServerTime reading = last;
    return reading != null && reading.text().equals(text)
        ? Optional.of(reading.date())
        : parse(text);
  }

  /** Returns the server's current time; empty before the first response. */
  Optional<Instant> time() {
    ServerTime reading = last;
    return reading == null
        ? Optional.empty()
        : Optional.of(reading.date().plus(Duration.ofNanos(ticker.getAsLong() - reading.ticks())));
  }

  /** Ignores an invalid date. */
  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
