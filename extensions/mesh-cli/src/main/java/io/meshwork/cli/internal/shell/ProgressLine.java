package io.meshwork.cli.internal.shell;

import io.meshwork.operation.Operation;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One line of a terminal that shows how far an operation is: what is done, its share, how fast it
 * is, and, if the total is known, the time that is left. Not thread-safe.
 */
public final class ProgressLine implements Operation.Progress {
  /** The phase whose units are bytes. */
  public static final String BYTES = "bytes";

  /** The phase whose units are rows. */
  public static final String ROWS = "rows";

  private static final String START_OF_CLEAR_LINE = "\r\u001B[K";

  /** Before this time, a rate says little. */
  private static final Duration STEADY = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LINES = Duration.ofMillis(200);
  private static final String[] SIZES = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  private static final double STEP_OF_SIZES = 1_000;
  private static final int PERCENT = 100;
  private static final int SECONDS_OF_MINUTE = 60;
  private static final int MINUTES_OF_HOUR = 60;

  private final PrintStream err;
  private final InstantSource clock;
  private final OptionalLong estimatedRows;
  private @Nullable String phase;
  private Instant start = Instant.MIN;
  private Instant shown = Instant.MIN;
  private long first;

  ProgressLine(PrintStream err, InstantSource clock, OptionalLong estimatedRows) {
    this.err = err;
    this.clock = clock;
    this.estimatedRows = estimatedRows;
  }

  /** Does something with a listener, and shows its progress if a person watches. */
  public static <T> T during(CommandShell shell, Function<Operation.Progress, T> operation) {
    if (!shell.progress()) {
      return operation.apply((name, done, total) -> {});
    }
    ProgressLine line = new ProgressLine(shell.err(), shell.clock(), OptionalLong.empty());
    try {
      return operation.apply(line);
    } finally {
      line.end();
    }
  }

  /**
   * Does something, and shows its progress if a person watches.
   *
   * @param listen sets the listener of the operation
   */
  public static <T> T during(
      CommandShell shell, Consumer<Operation.Progress> listen, Supplier<T> operation) {
    return during(shell, OptionalLong.empty(), listen, operation);
  }

  /**
   * Does something, and shows its progress if a person watches.
   *
   * @param estimatedRows about how many rows there are, if the operation does not know
   * @param listen sets the listener of the operation
   */
  public static <T> T during(
      CommandShell shell,
      OptionalLong estimatedRows,
      Consumer<Operation.Progress> listen,
      Supplier<T> operation) {
    if (!shell.progress()) {
      return operation.get();
    }
    ProgressLine line = new ProgressLine(shell.err(), shell.clock(), estimatedRows);
    listen.accept(line);
    try {
      return operation.get();
    } finally {
      line.end();
    }
  }

  @Override
  public void at(String name, long done, OptionalLong total) {
    Instant now = clock.instant();
    if (!name.equals(phase)) {
      phase = name;
      start = now;
      first = done;
    } else if (now.isBefore(shown.plus(BETWEEN_LINES))) {
      return;
    }
    shown = now;
    err.print(START_OF_CLEAR_LINE + SafeText.of(text(name, done, total, now)));
    err.flush();
  }

  private String text(String name, long done, OptionalLong total, Instant now) {
    boolean isEstimate = total.isEmpty() && name.equals(ROWS);
    OptionalLong all = isEstimate ? estimatedRows : total;
    StringBuilder text = new StringBuilder(name).append(' ').append(amount(name, done));
    if (all.isPresent() && all.getAsLong() >= done) {
      text.append(isEstimate ? " of about " : " of ").append(amount(name, all.getAsLong()));
      if (all.getAsLong() > 0) {
        text.append(", ").append(done * PERCENT / all.getAsLong()).append(" %");
      }
    }
    Duration passed = Duration.between(start, now);
    if (passed.compareTo(STEADY) < 0 || done <= first) {
      return text.toString();
    }
    double perSecond = (done - first) / (passed.toMillis() / 1_000.0);
    text.append(", ").append(amount(name, Math.round(perSecond))).append("/s");
    if (all.isPresent() && all.getAsLong() > done) {
      text.append(", ")
          .append(time(Math.round((all.getAsLong() - done) / perSecond)))
          .append(" left");
    }
    return text.toString();
  }

  private static String amount(String name, long units) {
    if (!name.equals(BYTES)) {
      return String.format(Locale.ROOT, "%,d", units);
    }
    double size = units;
    int step = 0;
    while (size >= STEP_OF_SIZES && step < SIZES.length - 1) {
      size /= STEP_OF_SIZES;
      step++;
    }
    return String.format(Locale.ROOT, step == 0 ? "%.0f %s" : "%.1f %s", size, SIZES[step]);
  }

  private static String time(long seconds) {
    if (seconds < SECONDS_OF_MINUTE) {
      return seconds + " s";
    }
    long minutes = seconds / SECONDS_OF_MINUTE;
    return minutes < MINUTES_OF_HOUR
        ? minutes + " min " + seconds % SECONDS_OF_MINUTE + " s"
        : minutes / MINUTES_OF_HOUR + " h " + minutes % MINUTES_OF_HOUR + " min";
  }

  private void end() {
    err.print(START_OF_CLEAR_LINE);
    err.flush();
  }
}
