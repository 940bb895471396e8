package io.meshwork.aws;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * DynamoDB's own time: the {@code Date} header (RFC 9110, section 6.6.1) of the last answer that
 * had one, and what has passed since then. Exact to a second and the time that an answer takes. It
 * never looks at the clock of this host. Thread-safe.
 */
final class ServerClock {
  private static final String DATE = "Date";

  private final LongSupplier ticker;
  private volatile @Nullable Reading last;

  /**
   * A clock that knows no time yet.
   *
   * @param ticker nanoseconds that pass, as {@link System#nanoTime} counts them
   */
  ServerClock(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** What a server said, and what the ticker showed then. */
  private record Reading(Instant date, long ticks) {}

  /**
   * Takes the time from an answer, of a success or a failure.
   *
   * @param answer null if there was none
   */
  void read(@Nullable SdkHttpResponse answer) {
    if (answer != null) {
      answer
          .firstMatchingHeader(DATE)
          .flatMap(ServerClock::parse)
          .ifPresent(date -> last = new Reading(date, ticker.getAsLong()));
    }
  }

  /** The server's time now; empty before the first answer. */
  Optional<Instant> time() {
    Reading reading = last;
    return reading == null
        ? Optional.empty()
        : Optional.of(reading.date().plus(Duration.ofNanos(ticker.getAsLong() - reading.ticks())));
  }

  /** A date that nobody can read tells nothing, and fails nothing. */
  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
